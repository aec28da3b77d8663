/** Why a request goes where it goes: each step of its way, with the object and line that decided it. */
@NullMarked
package io.flotilla.envoy.explain;

import org.jspecify.annotations.NullMarked;
