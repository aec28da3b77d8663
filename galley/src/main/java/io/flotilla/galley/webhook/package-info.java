/** The validating webhook: what the API server asks about objects before it stores them. */
@NullMarked
package io.flotilla.galley.webhook;

import org.jspecify.annotations.NullMarked;
