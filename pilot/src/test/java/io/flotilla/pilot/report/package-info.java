/** Tests of reports to Galley. */
@NullMarked
package io.flotilla.pilot.report;

import org.jspecify.annotations.NullMarked;
