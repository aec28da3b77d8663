/** What the mesh would decide: who may call whom, by which policy, without any proxy. */
@NullMarked
package io.flotilla.policy;

import org.jspecify.annotations.NullMarked;
