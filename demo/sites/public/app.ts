// The shop's only script: its call button cannot call yet, and says so when it is pressed.

const note = document.getElementById('call-note');
document.getElementById('call')?.addEventListener('click', () => {
  if (note)
    note.textContent = 'Calling from this page opens soon. Until then, write to us: hello@tidewell.example';
});

export {};
