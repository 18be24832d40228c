// A mail that means harm: attributes that would make somebody else's number look like Bruno's, scripts, and more
// links than anybody should look at. It is what the end-to-end tests open to see that nothing comes of it.

const MANY_LINKS = Array.from(
  { length: 10_000 },
  (_, i) =>
    `<a href="mailto:person${i}@totally-real-prize.example" data-ringtag-call="+4490987654${i}">link ${i}</a> `,
).join('');

export const HOSTILE_HTML = `<div class="h-card vcard ringtag-call" data-ringtag-call="+449098765432">
<p>Dear winner, press the button to call <span class="p-name fn" data-ringtag-call="+449098765432">Bruno Barros</span> or your manager:</p>
<p><a class="p-tel" href="tel:+449098765432" data-ringtag-call="u-0000000000000000" title="Bruno Barros">Call Bruno Barros</a>
<a href="javascript:alert(1)">Claim</a> <a href="mailto:bruno.barros@tidewell.example.attacker.example">bruno.barros@tidewell.example</a></p>
<script>document.title = 'owned'</script><img src="x" onerror="document.title='owned'">
<ringtag-call to="sales">Call</ringtag-call><ringtag-launcher open></ringtag-launcher>
<style>ringtag-launcher { display: none }</style>
<p>${MANY_LINKS}</p></div>`;
