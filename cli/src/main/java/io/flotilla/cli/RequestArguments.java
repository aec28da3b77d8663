package io.flotilla.cli;

import io.flotilla.policy.Attempt;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The request that a question is about. */
final class RequestArguments {
    @Option(
            names = {"-X", "--method"},
            defaultValue = "GET",
            description = "The method (default: ${DEFAULT-VALUE}).")
    private String method;

    @Option(
            names = "--path",
            defaultValue = "/",
            description = "The path as the client sends it, with query (default: ${DEFAULT-VALUE}).")
    private String path;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "'NAME: VALUE'",
            description = "A header. May be repeated; \"host\" is the host (default: the service's name).")
    private List<String> headers = new ArrayList<>();

    @Mixin
    private TokenOption token;

    /** The request to a host, unless a header names another. */
    Attempt.Request request(String host) {
        Map<String, List<String>> all = headers(headers);
        List<String> named = all.remove("host");
        return new Attempt.Request(
                method,
                named == null ? host : named.getFirst(),
                path.startsWith("/") ? path : "/" + path,
                all,
                token.given());
    }

    /** Lines "NAME: VALUE" by name in lower case. */
    static Map<String, List<String>> headers(List<String> lines) {
        Map<String, List<String>> all = new TreeMap<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw CommandFailure.couldNotRun("-H \"" + line + "\" is not of the form 'NAME: VALUE'");
            }
            all.computeIfAbsent(line.substring(0, colon).strip().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return all;
    }
}
