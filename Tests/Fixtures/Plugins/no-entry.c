/* Exports something, but no hearth_plugin_entry: the outcome is entry-missing.
 * It is a valid shared object otherwise. */
__attribute__((visibility("default"))) int something_else(void);
int something_else(void) { return 1; }
