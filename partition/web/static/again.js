// A map that is loaded again: the browser takes that for another site's doing, so this page of ours asks for it itself.

location.reload();
