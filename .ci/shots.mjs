// `npm run shots`: every state of the interface as pictures, into the ignored folder `.shots/`.
await import('../widget/shots/shots.mjs');
