/** HTTPS for the API server's webhooks: certificates that change while they are in use, and reviews in their envelope. */
@NullMarked
package io.flotilla.service.https;

import org.jspecify.annotations.NullMarked;
