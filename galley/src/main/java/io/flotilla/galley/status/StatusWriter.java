package io.flotilla.galley.status;

import com.google.protobuf.Struct;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.galley.analysis.Findings;
import io.flotilla.galley.kubernetes.ClusterClient;
import io.flotilla.galley.kubernetes.DocumentNames;
import io.flotilla.galley.kubernetes.KubernetesSettings;
import io.flotilla.galley.kubernetes.KubernetesSources;
import io.flotilla.galley.leader.Leadership;
import io.flotilla.galley.state.PublishListener;
import io.flotilla.galley.state.Publisher;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Writes the status of objects into the cluster: of several replicas the elected one, one object after the other. Each
 * replica knows what is to be said, so that a new leader says what the last one did not.
 */
@ApplicationScoped
class StatusWriter implements PublishListener {
    private static final System.Logger LOG = System.getLogger(StatusWriter.class.getName());
    private static final String LEASE = "istio-galley-leader";
    private static final int CONFLICT = 409;
    private static final int MAX_ATTEMPTS = 3;
    private static final int AFTER_OTHERS = 100;

    private final KubernetesSettings settings;
    private final KubernetesSources sources;
    private final List<StatusReporter> reporters;
    private final ObjectStatuses analysis;
    private final String namespace;
    private final Map<ObjectKey, Struct> wanted = new ConcurrentHashMap<>();
    private final BlockingQueue<ObjectKey> due = new LinkedBlockingQueue<>();
    private @Nullable Leadership leadership;
    private volatile @Nullable Thread thread;

    StatusWriter(
            KubernetesSettings settings,
            KubernetesSources sources,
            @All List<StatusReporter> reporters,
            ObjectStatuses analysis,
            @ConfigProperty(name = "flotilla.namespace", defaultValue = "istio-system") String namespace) {
        this.settings = settings;
        this.sources = sources;
        this.reporters = reporters;
        this.analysis = analysis;
        this.namespace = namespace;
    }

    @Override
    public int order() {
        return AFTER_OTHERS;
    }

    @Override
    public void published(Publisher.Outcome outcome) {
        Optional<ClusterClient> client = sources.client();
        if (!settings.writeStatus() || client.isEmpty()) {
            return;
        }
        if (thread == null) {
            begin(client.get());
        }
        Set<ObjectKey> touched = new HashSet<>();
        outcome.documents()
                .forEach((document, text) -> DocumentNames.key(document.name()).ifPresent(object -> {
                    touched.add(object);
                    if (text.isEmpty()) {
                        wanted.remove(object);
                    }
                }));
        reporters.forEach(reporter ->
                reporter.statuses(outcome).forEach((object, status) -> want(object, status, touched.contains(object))));
    }

    /** On the thread of analysis. */
    void analysed(@Observes Findings findings) {
        Map<ObjectKey, Struct> statuses = analysis.analysed(findings);
        if (thread != null) {
            statuses.forEach((object, status) -> want(object, status, false));
        }
    }

    /** Whether this replica writes status at this moment; true also where nobody does. */
    public boolean writesOrNobodyDoes() {
        Leadership election = leadership;
        return !settings.writeStatus() || (election != null && election.epoch().isPresent());
    }

    /** Of what became of objects at the proxies. */
    void received(Map<ObjectKey, Struct> statuses) {
        if (thread != null) {
            statuses.forEach((object, status) -> want(object, status, false));
        }
    }

    /** An object that was touched is of another generation, which its status has to say even if it says nothing else. */
    private synchronized void want(ObjectKey object, Struct status, boolean touched) {
        Struct before = wanted.get(object);
        Struct joined = before == null ? status : Conditions.join(before, status);
        if (touched || !joined.equals(before)) {
            wanted.put(object, joined);
            due.add(object);
        }
    }

    private void begin(ClusterClient client) {
        Leadership election = new Leadership(
                client,
                namespace,
                LEASE,
                host() + "_" + UUID.randomUUID(),
                settings.lease(),
                () -> due.addAll(wanted.keySet()));
        leadership = election;
        election.start();
        thread = Thread.ofVirtual().name("status").start(() -> write(client, election));
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "galley";
        }
    }

    private void write(ClusterClient client, Leadership election) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                ObjectKey object = due.take();
                Struct status = wanted.get(object);
                // What is not written now, the next leader writes: it begins with everything.
                for (int i = 0;
                        status != null && i < MAX_ATTEMPTS && election.epoch().isPresent();
                        i++) {
                    if (write(client, object, status)) {
                        break;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False: somebody else wrote meanwhile, and it is worth another attempt. */
    private boolean write(ClusterClient client, ObjectKey object, Struct status) {
        Optional<String> path = sources.path(object).map(found -> found + "/status");
        if (path.isEmpty()) {
            return true;
        }
        ClusterClient.Answer now = client.get(path.get());
        if (!now.ok()) {
            LOG.log(System.Logger.Level.DEBUG, "status of {0}: {1} {2}", object, now.status(), now.error());
            return true;
        }
        return StatusMerge.patch(now.body(), status, Instant.now())
                .map(patch -> {
                    ClusterClient.Answer done = client.send("PATCH", path.get(), "application/merge-patch+json", patch);
                    if (!done.ok() && done.status() != CONFLICT) {
                        LOG.log(
                                System.Logger.Level.WARNING,
                                "status of {0} is not written: {1} {2}",
                                object,
                                done.status(),
                                done.error());
                    }
                    return done.status() != CONFLICT;
                })
                .orElse(true);
    }

    void stop(@Observes ShutdownEvent event) {
        Thread writer = thread;
        if (writer != null) {
            writer.interrupt();
        }
        Leadership election = leadership;
        if (election != null) {
            election.close();
        }
    }
}
