package io.flotilla.mixer.proxy;

import io.flotilla.api.registry.v1.Workload;
import io.flotilla.mixer.MixerConfig;
import io.flotilla.mixer.registry.RegistryFeed;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Asks the proxies that report here, now and then, what they wrote and what they dropped: only they know. It asks at the
 * addresses of the registry, never at one that a proxy tells.
 */
@ApplicationScoped
public class ProxyLedger {
    private static final int MOST = 20_000;
    private static final int AT_ONCE = 16;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final RegistryFeed registry;
    private final MixerConfig.Telemetry settings;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final Map<String, LogCounters> last = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, LogCounters> eldest) {
            return size() > MOST;
        }
    };
    private LogCounters sum = LogCounters.NONE;
    private volatile ProxyTotals totals = new ProxyTotals(0, 0, 0, 0);
    private volatile boolean running = true;

    ProxyLedger(RegistryFeed registry, MixerConfig config) {
        this.registry = registry;
        this.settings = config.telemetry();
    }

    /**
     * Begins to ask, on threads of its own.
     *
     * @param pods "NAMESPACE/NAME" of those that report now
     */
    public void start(Supplier<Collection<String>> pods) {
        if (settings.proxyStatsPort() > 0) {
            Thread.ofVirtual().name("proxy-ledger").start(() -> run(pods));
        }
    }

    public void stop() {
        running = false;
    }

    public ProxyTotals totals() {
        return totals;
    }

    private void run(Supplier<Collection<String>> pods) {
        try {
            while (running) {
                Thread.sleep(settings.proxyStatsInterval());
                askAll(pods.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void askAll(Collection<String> pods) {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger silent = new AtomicInteger();
        Semaphore free = new Semaphore(AT_ONCE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String pod : pods) {
                threads.execute(() -> {
                    free.acquireUninterruptibly();
                    try {
                        ask(pod).ifPresentOrElse(
                                        counters -> {
                                            observe(pod, counters);
                                            asked.incrementAndGet();
                                        },
                                        silent::incrementAndGet);
                    } finally {
                        free.release();
                    }
                });
            }
        }
        synchronized (last) {
            totals = new ProxyTotals(sum.written(), sum.dropped(), asked.get(), silent.get());
        }
    }

    void observe(String pod, LogCounters counters) {
        synchronized (last) {
            LogCounters before = last.getOrDefault(pod, LogCounters.NONE);
            sum = sum.plus(counters.since(before));
            last.put(pod, counters);
        }
    }

    private Optional<LogCounters> ask(String pod) {
        int slash = pod.indexOf('/');
        Optional<String> address = registry.history()
                .latest()
                .workload(pod.substring(0, slash), pod.substring(slash + 1))
                .map(Workload::getAddressesList)
                .filter(addresses -> !addresses.isEmpty())
                .map(addresses -> addresses.get(0));
        return address.flatMap(this::fetch);
    }

    private Optional<LogCounters> fetch(String address) {
        String host = address.contains(":") ? "[" + address + "]" : address;
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + host + ":" + settings.proxyStatsPort() + "/stats/prometheus"))
                .timeout(TIMEOUT)
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? Optional.of(LogCounters.parse(response.body())) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
