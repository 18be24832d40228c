// The people cards of the intranet page: h-cards (microformats.org/wiki/h-card) with mail and telephone links.
import { DEMO_PEOPLE, type DemoPerson } from '../people.ts';

function card(person: DemoPerson): string {
  const tel = person.deskNumber.replaceAll(' ', '');
  const extension = person.extension
    ? `<li>Extension <a href="tel:${person.extension}">${person.extension}</a></li>`
    : '<li>Extension: with the first sign-in</li>';
  return `<li class="h-card"><img class="u-photo" src="{{PHOTOS}}/${person.id}.svg" alt="" width="72" height="72">
<h2 class="name"><span class="p-name">${person.name}</span></h2><p class="role"><span class="p-job-title">${person.title}</span>, <span class="p-org">${person.unit}</span></p><p class="place">${person.place}</p>
<ul><li><a class="u-email" href="mailto:${person.email}">${person.email}</a></li><li><a class="p-tel" href="tel:${tel}">${person.deskNumber}</a></li>${extension}</ul></li>`;
}

/** All cards, with the address of the photos filled in. */
export function peopleCards(photos: string): string {
  return DEMO_PEOPLE.map((person) => card(person).replaceAll('{{PHOTOS}}', photos)).join('\n');
}
