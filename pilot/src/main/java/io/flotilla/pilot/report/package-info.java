/** What proxies make of configuration, told to Galley, which writes it into the status of objects. */
@NullMarked
package io.flotilla.pilot.report;

import org.jspecify.annotations.NullMarked;
