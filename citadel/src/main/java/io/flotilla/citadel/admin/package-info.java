/** What operators ask of the certificate authority. */
@NullMarked
package io.flotilla.citadel.admin;

import org.jspecify.annotations.NullMarked;
