import type { Random } from "@one-token/demo/random";
import type { Item } from "@one-token/demo/skills";

const NAMES = ["tom", "ann", "bob", "eve", "sam", "kim", "max", "lea"];
const VERBS = ["has", "sees", "finds", "wants", "buys", "likes"];
const LOOKS = ["red", "big", "old", "new", "blue", "tiny", "wet", "soft", "green", "clean"];
const THINGS = ["cup", "hat", "dog", "ball", "boat", "tree", "book", "bird", "lamp", "car", "fish", "key"];

/**
 * Two sentences of simple English and a question about one of them:
 * `tom has a red cup. ann sees a big dog. the dog is=big`. At most 72 characters long.
 */
export function story(random: Random): Item {
  const names = random.sample(NAMES, 2);
  const looks = random.sample(LOOKS, 2);
  const things = random.sample(THINGS, 2);
  const sentences = names.map((name, at) => {
    const article = /^[aeiou]/.test(looks[at]!) ? "an" : "a";
    return `${name} ${random.choice(VERBS)} ${article} ${looks[at]} ${things[at]}.`;
  });
  const asked = random.integer(0, 1);
  return { prompt: `${sentences.join(" ")} the ${things[asked]} is=`, answer: looks[asked]! };
}
