package io.flotilla.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import io.flotilla.policy.Token;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The token that a request brings. */
final class TokenOption {
    @Option(
            names = "--token-claims",
            paramLabel = "JSON",
            description = "The request brings a token that its issuer did issue, with these claims.")
    private @Nullable String claims;

    Token given() {
        if (claims == null) {
            return new Token.Missing();
        }
        Struct.Builder parsed = Struct.newBuilder();
        try {
            JsonFormat.parser().merge(claims, parsed);
        } catch (InvalidProtocolBufferException e) {
            throw CommandFailure.couldNotRun("--token-claims is no JSON object: " + e.getMessage());
        }
        return new Token.Genuine(parsed.build());
    }
}
