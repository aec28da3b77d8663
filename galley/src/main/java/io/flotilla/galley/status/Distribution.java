package io.flotilla.galley.status;

import io.flotilla.api.status.v1.DistributionReport;
import io.flotilla.api.status.v1.Lag;
import io.flotilla.api.status.v1.Refusal;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.discovery.Generation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What became of each object at the proxies, by the reports of all Pilots. An object is distributed once every proxy has
 * accepted a state that is at least as new as the one that the object came with. Not for several threads.
 */
final class Distribution {
    private static final int NAMED = 5;

    private final Map<ObjectKey, Generation> since = new TreeMap<>();
    private final Map<ObjectKey, Receipt> receipts = new TreeMap<>();
    private final Set<ObjectKey> pending = new TreeSet<>();
    private final Map<String, DistributionReport> reports = new TreeMap<>();

    /**
     * Of one object.
     *
     * @param state   what all proxies together say
     * @param message for people; lower case
     */
    record Receipt(State state, String message) {
        static final Receipt WAITING = new Receipt(State.PENDING, "not all proxies have it yet");
    }

    enum State {
        PENDING,
        DISTRIBUTED,
        REFUSED
    }

    /** Objects are new or other than they were, or gone. */
    void published(Collection<ObjectKey> changed, Collection<ObjectKey> removed, Generation generation) {
        removed.forEach(object -> {
            since.remove(object);
            receipts.remove(object);
            pending.remove(object);
        });
        changed.forEach(object -> {
            since.put(object, generation);
            receipts.put(object, Receipt.WAITING);
            pending.add(object);
        });
    }

    /** A Pilot's report; the objects of which it says something else than before. */
    Map<ObjectKey, Receipt> reported(DistributionReport report) {
        DistributionReport before = reports.put(report.getReporter(), report);
        return judge(before == null ? List.of() : before.getRefusalsList());
    }

    /** A Pilot is gone, and its proxies with it. */
    Map<ObjectKey, Receipt> gone(String reporter) {
        DistributionReport before = reports.remove(reporter);
        return judge(before == null ? List.of() : before.getRefusalsList());
    }

    Optional<Receipt> receipt(ObjectKey object) {
        return Optional.ofNullable(receipts.get(object));
    }

    Map<ObjectKey, Receipt> receipts() {
        return new TreeMap<>(receipts);
    }

    Collection<DistributionReport> reports() {
        return List.copyOf(reports.values());
    }

    private Map<ObjectKey, Receipt> judge(List<Refusal> forgotten) {
        Map<ObjectKey, List<Refusal>> refused = new HashMap<>();
        reports.values()
                .forEach(report -> report.getRefusalsList()
                        .forEach(refusal -> refused.computeIfAbsent(object(refusal), key -> new ArrayList<>())
                                .add(refusal)));
        Set<ObjectKey> touched = new TreeSet<>(pending);
        touched.addAll(refused.keySet());
        forgotten.forEach(refusal -> touched.add(object(refusal)));
        Map<ObjectKey, Receipt> news = new TreeMap<>();
        for (ObjectKey object : touched) {
            Generation own = since.get(object);
            if (own != null) {
                Receipt receipt = receipt(own, refused.getOrDefault(object, List.of()));
                if (receipt.state() == State.DISTRIBUTED) {
                    pending.remove(object);
                } else {
                    pending.add(object);
                }
                if (!receipt.equals(receipts.put(object, receipt))) {
                    news.put(object, receipt);
                }
            }
        }
        return news;
    }

    private Receipt receipt(Generation own, List<Refusal> refusals) {
        if (!refusals.isEmpty()) {
            return new Receipt(State.REFUSED, message(refusals));
        }
        int proxies = 0;
        for (DistributionReport report : reports.values()) {
            proxies += report.getProxies();
            if (!dominates(report.getGeneration(), own) || report.getLagging() > report.getLagsCount()) {
                return Receipt.WAITING;
            }
            for (Lag lag : report.getLagsList()) {
                if (!dominates(lag.getGeneration(), own)) {
                    return Receipt.WAITING;
                }
            }
        }
        return proxies == 0 ? Receipt.WAITING : new Receipt(State.DISTRIBUTED, "every connected proxy has accepted it");
    }

    private static boolean dominates(String generation, Generation own) {
        return Generation.parse(generation)
                .filter(known -> known.dominates(own))
                .isPresent();
    }

    private static String message(List<Refusal> refusals) {
        StringBuilder text = new StringBuilder();
        refusals.stream()
                .filter(Refusal::getLeftOut)
                .findFirst()
                .ifPresent(
                        refusal -> text.append("left out for all proxies until it is changed, since one refused it: ")
                                .append(refusal.getMessage()));
        List<String> proxies = refusals.stream()
                .filter(refusal -> !refusal.getLeftOut())
                .map(Refusal::getProxy)
                .distinct()
                .sorted()
                .toList();
        if (!proxies.isEmpty()) {
            Refusal first = refusals.stream()
                    .filter(refusal -> refusal.getProxy().equals(proxies.getFirst()))
                    .findFirst()
                    .orElseThrow();
            text.append(text.isEmpty() ? "" : "; ")
                    .append("refused by ")
                    .append(String.join(", ", proxies.subList(0, Math.min(NAMED, proxies.size()))))
                    .append(proxies.size() > NAMED ? " and " + (proxies.size() - NAMED) + " others" : "")
                    .append(": ")
                    .append(first.getMessage());
        }
        return text.toString();
    }

    private static ObjectKey object(Refusal refusal) {
        return ObjectKey.of(new Kind(refusal.getGroup(), refusal.getKind()), refusal.getNamespace(), refusal.getName());
    }
}
