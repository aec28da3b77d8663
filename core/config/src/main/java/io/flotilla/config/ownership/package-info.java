/** Hosts that namespaces claim, and objects of other namespaces that would capture them. */
@NullMarked
package io.flotilla.config.ownership;

import org.jspecify.annotations.NullMarked;
