package io.flotilla.images;

import com.google.cloud.tools.jib.api.InsecureRegistryException;
import com.google.cloud.tools.jib.api.RegistryAuthenticationFailedException;
import com.google.cloud.tools.jib.api.RegistryUnauthorizedException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.stream.Stream;

/** Why an image could not be built, in words for who wanted it. */
final class BuildProblem {
    private BuildProblem() {}

    static String of(Throwable problem) {
        return Stream.iterate(problem, each -> each != null, Throwable::getCause)
                .flatMap(each -> known(each).stream())
                .findFirst()
                .orElseGet(() -> innermost(problem));
    }

    private static Optional<String> known(Throwable problem) {
        return switch (problem) {
            case RegistryUnauthorizedException refused ->
                Optional.of("the registry refuses " + refused.getImageReference()
                        + ": it wants other credentials than \"docker login\" left here, or there is no such image");
            case RegistryAuthenticationFailedException refused -> Optional.of(String.valueOf(refused.getMessage()));
            case InsecureRegistryException insecure ->
                Optional.of(insecure.getMessage() + " --insecure-registry HOST allows others.");
            case UnknownHostException unknown ->
                Optional.of("no address of " + unknown.getMessage()
                        + "; a base may come from a file: --base KIND=tar:FILE");
            case ConnectException refused -> Optional.of(String.valueOf(refused.getMessage()));
            default -> Optional.empty();
        };
    }

    private static String innermost(Throwable problem) {
        Throwable cause = problem;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
