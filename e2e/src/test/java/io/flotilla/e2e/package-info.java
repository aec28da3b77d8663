/** What users are promised, shown on a running mesh. */
@NullMarked
package io.flotilla.e2e;

import org.jspecify.annotations.NullMarked;
