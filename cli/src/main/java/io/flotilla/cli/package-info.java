/** The commands of {@code flotilla}: options in, a result on stdout, an exit code out. */
@NullMarked
package io.flotilla.cli;

import org.jspecify.annotations.NullMarked;
