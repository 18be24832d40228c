// Entry of the chunk for people who answer visitors of public pages: the book of visits, and the elements that show it.
export { RingtagVisitAbout } from '../elements/visits/visit-about.ts';
export { RingtagVisitors } from '../elements/visits/visitors.ts';
export { VisitsBook } from './book.ts';
