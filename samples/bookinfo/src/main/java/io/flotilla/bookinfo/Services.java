package io.flotilla.bookinfo;

import io.flotilla.bookinfo.http.Upstream;

/** The services that others call. */
public record Services(Upstream details, Upstream reviews, Upstream ratings) {}
