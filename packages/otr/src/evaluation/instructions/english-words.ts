/** @file Words of English that tell whether a period ends a sentence. */

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** Abbreviations without their last period, in small letters. */
export const ABBREVIATIONS = words(`
  mr mrs ms messrs mme mlle dr prof rev hon st sr jr esq
  gen col capt cpt cmdr lt sgt maj cpl adm gov sen rep pres supt
  inc ltd co corp bros dept assn univ intl mfg
  vs v etc al ca cf e.g eg i.e viz approx est vol vols pp fig figs eq eqs sec ed eds trans resp
  a.m p.m a.d b.c b.c.e c.e p.s p.p.s n.b r.i.p r.s.v.p
  u.s u.k u.n e.u u.s.a u.s.s.r d.c n.y l.a n.j n.c s.c
  ph.d m.d b.a m.a b.s b.sc m.s m.sc j.d r.n d.d.s m.b.a
  jan feb apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri
  ave blvd rd hwy mt ft oz lb lbs tsp tbsp sq
`);

/** Words that have a capital letter only where a sentence begins. */
export const SMALL_WORDS = words(`
  a an the this that these those it he she we they you there here
  in on at for from by with to of as and but or nor so yet if when while after before since until because although though
  then now later still next finally first second third however therefore moreover furthermore meanwhile also thus hence
  instead perhaps maybe what who whom whose which why how where whether no not yes
  my your his her its our their some many most much each every all both one another several few such
  is are was were be do does did have has had can could will would should may might must let please thank
  just only even once again well oh
`);
