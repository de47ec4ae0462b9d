/* One behaviour a file, hooked by data attributes (docs/ui.md lists them). Everything works
   without these; they save steps. */
import "./theme.js";
import "./dialog.js";
import "./confirm.js";
import "./toast.js";
import "./menu.js";
import "./keys.js";
import "./palette.js";
import "./rows.js";
import "./bulk.js";
import "./clocks.js";
import "./guard.js";
import "./poll.js";
import "./lanes.js";
import "./fields.js";
import "./calls.js";
import "./wants.js";
import "./print.js";
import "./once.js";
import "./offline.js";
import "./install.js";
