/** What configuration objects are made of: keys, kinds, origins, diagnostics. */
@NullMarked
package io.flotilla.config.model;

import org.jspecify.annotations.NullMarked;
