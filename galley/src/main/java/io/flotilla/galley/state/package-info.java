/** What Galley holds, and how a change of documents becomes a change of what is published. */
@NullMarked
package io.flotilla.galley.state;

import org.jspecify.annotations.NullMarked;
