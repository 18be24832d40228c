// `ringtag-keys.js`: the keyboard guard alone, as a classic script for the top of a page's head, where the page puts
// shortcuts on `window` in capture before a module script can run. The tag's own guard then finds this one.
import { installKeyboardGuard } from './keyboard-guard.ts';

installKeyboardGuard();
