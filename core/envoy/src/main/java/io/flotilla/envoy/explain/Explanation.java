package io.flotilla.envoy.explain;

import io.flotilla.envoy.simulation.Outcome;
import io.flotilla.envoy.simulation.Prediction;
import java.util.List;

/**
 * The way of one request.
 *
 * @param steps      in order
 * @param outcome    where it ends
 * @param prediction what the caller's proxy logs of it
 */
public record Explanation(List<Step> steps, Outcome outcome, Prediction prediction) {
    private static final int BAD_REQUEST = 400;

    public Explanation {
        steps = List.copyOf(steps);
    }

    /** Some server gets it, or it is answered without an error. */
    public boolean served() {
        if (!prediction.flags().isEmpty() && !prediction.flags().equals("DI")) {
            return false;
        }
        return switch (outcome) {
            case Outcome.Answered answered -> answered.status() < BAD_REQUEST;
            case Outcome.Forwarded forwarded -> true;
            case Outcome.Tcp tcp -> true;
            case Outcome.Refused refused -> false;
        };
    }

    /** The end in one line. */
    public String summary() {
        String flags = prediction.flags().isEmpty() ? "" : " (response flags " + prediction.flags() + ")";
        return switch (outcome) {
            case Outcome.Answered(int status, String location) ->
                "the proxy answers " + status + (location.isEmpty() ? "" : ", location " + location) + flags;
            case Outcome.Forwarded(var shares, var path, var fault, var mirror) ->
                served()
                        ? "sent to " + String.join(" or ", shares.keySet()) + " as " + path + flags
                        : "not served by " + String.join(" or ", shares.keySet()) + flags;
            case Outcome.Tcp(var shares) ->
                (served() ? "passed on as TCP to " : "no server for TCP to ")
                        + String.join(" or ", shares.keySet())
                        + flags;
            case Outcome.Refused(String why) -> "refused: " + why + flags;
        };
    }
}
