/** Which of several replicas writes: one elected leader, by a Lease, with an epoch that fences. */
@NullMarked
package io.flotilla.galley.leader;

import org.jspecify.annotations.NullMarked;
