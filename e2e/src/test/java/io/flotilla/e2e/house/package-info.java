/** The rules of the house, which need the source tree and the compiled classes but no running mesh. */
@NullMarked
package io.flotilla.e2e.house;

import org.jspecify.annotations.NullMarked;
