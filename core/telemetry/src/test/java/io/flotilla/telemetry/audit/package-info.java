/** Tests of the audit. */
@NullMarked
package io.flotilla.telemetry.audit;

import org.jspecify.annotations.NullMarked;
