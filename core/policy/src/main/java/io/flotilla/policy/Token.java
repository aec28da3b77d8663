package io.flotilla.policy;

import com.google.protobuf.Struct;

/** A token of an end user, as it comes with a request. */
public sealed interface Token {
    record Missing() implements Token {}

    /**
     * One that nobody believes.
     *
     * @param why "expired", "wrong signature", ...
     */
    record Bad(String why) implements Token {}

    /** One whose issuer did issue it, and which is in its time; whether a policy believes that issuer is another thing. */
    record Genuine(Struct claims) implements Token {}
}
