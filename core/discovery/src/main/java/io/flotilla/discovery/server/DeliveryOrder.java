package io.flotilla.discovery.server;

import io.flotilla.discovery.TypeUrls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * In which order the types of one stream are sent, so that nothing refers to what the client does not have yet.
 *
 * @param sequence   types in the order of sending; others follow in the order of their names
 * @param barrier    types whose answer (ACK or NACK) the dependents wait for
 * @param dependents types that refer to the referenced ones: held back until the barrier's answer is in
 * @param referenced types whose removals come last, after the dependents' answers
 * @param companions a changed resource of the key type is followed by that of the same name of the value type, even
 *                   if unchanged: a changed cluster warms until it sees its load assignment again; a route
 *                   configuration that Envoy did not hold waits for its virtual hosts, and Envoy, which asked for
 *                   hosts before, does not ask for these
 * @param partial    types of which a state of the world response may hold only what changed (Envoy: all but
 *                   listeners, clusters and scoped routes)
 * @param onDemand   types that the source makes when they are asked for: a name that the view lacks is not answered
 *                   as missing, but when it appears
 * @param patience   how long an answer is waited for
 */
public record DeliveryOrder(
        List<String> sequence,
        Set<String> barrier,
        Set<String> dependents,
        Set<String> referenced,
        Map<String, String> companions,
        Set<String> partial,
        Set<String> onDemand,
        Duration patience) {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** For streams between control plane services: no type waits for another. */
    public static final DeliveryOrder NONE =
            new DeliveryOrder(List.of(), Set.of(), Set.of(), Set.of(), Map.of(), Set.of(), Set.of(), PATIENCE);

    /** For SDS: secrets come when they are made. */
    public static final DeliveryOrder SECRETS = new DeliveryOrder(
            List.of(),
            Set.of(),
            Set.of(),
            Set.of(),
            Map.of(),
            Set.of(TypeUrls.SECRET),
            Set.of(TypeUrls.SECRET),
            PATIENCE);

    /**
     * Make before break for Envoy: clusters and endpoints at once; listeners and routes when Envoy has answered the
     * clusters, which it does when they are warm; removals of clusters and endpoints last. Secrets and extension
     * configurations wait for nobody, since warming clusters may wait for secrets.
     */
    public static final DeliveryOrder ENVOY = new DeliveryOrder(
            List.of(
                    TypeUrls.SECRET,
                    TypeUrls.CLUSTER,
                    TypeUrls.ENDPOINT,
                    TypeUrls.EXTENSION,
                    TypeUrls.LISTENER,
                    TypeUrls.SCOPED_ROUTE,
                    TypeUrls.ROUTE,
                    TypeUrls.VIRTUAL_HOST),
            Set.of(TypeUrls.CLUSTER),
            Set.of(TypeUrls.LISTENER, TypeUrls.SCOPED_ROUTE, TypeUrls.ROUTE, TypeUrls.VIRTUAL_HOST),
            Set.of(TypeUrls.CLUSTER, TypeUrls.ENDPOINT),
            Map.of(TypeUrls.CLUSTER, TypeUrls.ENDPOINT, TypeUrls.ROUTE, TypeUrls.VIRTUAL_HOST),
            Set.of(TypeUrls.ENDPOINT, TypeUrls.ROUTE, TypeUrls.SECRET, TypeUrls.EXTENSION),
            Set.of(TypeUrls.SECRET),
            PATIENCE);

    public DeliveryOrder {
        sequence = List.copyOf(sequence);
        barrier = Set.copyOf(barrier);
        dependents = Set.copyOf(dependents);
        referenced = Set.copyOf(referenced);
        companions = Map.copyOf(companions);
        partial = Set.copyOf(partial);
        onDemand = Set.copyOf(onDemand);
    }

    /** The same with another patience. */
    public DeliveryOrder withPatience(Duration other) {
        return new DeliveryOrder(sequence, barrier, dependents, referenced, companions, partial, onDemand, other);
    }

    int compare(String left, String right) {
        int order = Integer.compare(rank(left), rank(right));
        return order != 0 ? order : left.compareTo(right);
    }

    private int rank(String typeUrl) {
        int rank = sequence.indexOf(typeUrl);
        return rank < 0 ? sequence.size() : rank;
    }
}
