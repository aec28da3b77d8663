@NullMarked
package io.flotilla.galley.serve;

import org.jspecify.annotations.NullMarked;
