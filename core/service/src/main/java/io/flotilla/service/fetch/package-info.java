/** Fetches small public documents from addresses that somebody else wrote. */
@NullMarked
package io.flotilla.service.fetch;

import org.jspecify.annotations.NullMarked;
