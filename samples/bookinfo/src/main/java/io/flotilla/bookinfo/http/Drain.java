package io.flotilla.bookinfo.http;

import java.time.Duration;

/**
 * How to stop without failing anyone.
 *
 * @param quiet how long nothing may have been asked before the server closes
 * @param limit when it closes in any case
 */
public record Drain(Duration quiet, Duration limit) {}
