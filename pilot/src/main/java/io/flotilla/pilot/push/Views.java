package io.flotilla.pilot.push;

import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.discovery.DiscoverySource.Told;
import io.flotilla.discovery.StateVersion;
import io.flotilla.discovery.View;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.Proxy;
import io.flotilla.envoy.ResourceType;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.Translator;
import io.flotilla.envoy.Tuning;
import io.flotilla.envoy.patch.PatchSource;
import io.flotilla.pilot.feed.MeshState;
import io.flotilla.pilot.push.Quarantines.Concerned;
import io.flotilla.pilot.push.Quarantines.Identity;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The views of all connected proxies. Proxies with equal views share one translation and its bytes; it is made anew when
 * the mesh changes, in the types that the change can touch.
 */
public final class Views {
    private static final System.Logger LOG = System.getLogger(Views.class.getName());

    private final PushListener listener;
    private final Quarantines quarantines = new Quarantines();
    private final Scopes scopes;
    private final Packer packer = new Packer();
    private final Map<SharedView.Key, SharedView> entries = new HashMap<>();
    private final Set<Member> waiting = new LinkedHashSet<>();
    // Those that have newer configuration from another replica than there is here.
    private final Set<Member> ahead = new LinkedHashSet<>();
    // Written under the lock; whoever only wants to know it does not wait for a round.
    private volatile @Nullable MeshState mesh;
    // Whether any view was ever patched: else nobody needs to look at what proxies accept.
    private volatile boolean patched;
    // The last change went through, so that the next may build on it.
    private boolean settled;
    private final LongAdder failed = new LongAdder();
    private boolean replicas;

    /** One stream's place among the views. */
    public final class Member implements AutoCloseable {
        private final Proxy proxy;
        private final boolean discovers;
        private final Consumer<View> views;
        private long atLeast;
        // Contents that a refusal may have meant: that this proxy takes something later says nothing of them.
        private final Set<PatchSource> doubted = new HashSet<>();
        private @Nullable SharedView entry;

        private Member(Proxy proxy, boolean discovers, Consumer<View> views) {
            this.proxy = proxy;
            this.discovers = discovers;
            this.views = views;
        }

        public Proxy proxy() {
            return proxy;
        }

        /** What the proxy is told at this moment; empty before the first state of the mesh. */
        public Optional<EnvoyResources> resources() {
            synchronized (Views.this) {
                SharedView now = entry;
                return now == null ? Optional.empty() : Optional.of(now.packed.resources());
            }
        }

        /** It has configuration of this stamp from another replica, and is to hear when the mesh here is as new. */
        public void require(long stamp) {
            synchronized (Views.this) {
                atLeast = Math.max(atLeast, stamp);
                ahead.add(this);
                freshen(this);
            }
        }

        /** It came with these versions: what is as it would be told has been taken, here or at another replica. */
        public void brought(String typeUrl, Map<String, String> held) {
            if (patched && !held.isEmpty()) {
                Views.this.brought(this, typeUrl, held);
            }
        }

        /** The proxy took what it was told of a type in a response of this version. */
        public void accepted(String typeUrl, String version) {
            if (patched) {
                Views.this.accepted(this, typeUrl, version);
            }
        }

        /** Whether {@link #accepted} waits for nothing. */
        public boolean prompt() {
            return !patched;
        }

        /** The proxy refused it: where a patch may be why, good configuration goes out without that patch. */
        public void rejected(String typeUrl, Told response, String message) {
            Views.this.rejected(this, typeUrl, response, message);
        }

        @Override
        public void close() {
            leave(this);
        }
    }

    public Views(Tuning tuning, Duration peerMemory, InstantSource clock, PushListener listener) {
        this.listener = listener;
        this.scopes = new Scopes(tuning, peerMemory, clock);
    }

    /**
     * A proxy comes: it gets its view at once, or as soon as there is a mesh.
     *
     * @param discovers whether virtual hosts are resources of their own for it
     */
    public synchronized Member join(Proxy proxy, boolean discovers, Consumer<View> views) {
        Member member = new Member(proxy, discovers, views);
        MeshState state = mesh;
        if (state == null) {
            waiting.add(member);
        } else {
            place(member, state);
        }
        return member;
    }

    // A view that a state has not changed is as new as that state, which only those need to hear who have newer.
    private void freshen(Member member) {
        SharedView entry = member.entry;
        MeshState state = mesh;
        if (entry != null
                && !entry.behind
                && state != null
                && state.generation().stamp() >= member.atLeast) {
            member.atLeast = 0;
            ahead.remove(member);
            renewed(entry, state);
            member.views.accept(entry.packed.view());
        }
    }

    private static void renewed(SharedView entry, MeshState state) {
        entry.packed = entry.packed.asOf(state.generation());
        entry.sayings.say(entry.packed.view(), entry.packed.resources().notes());
    }

    private synchronized void leave(Member member) {
        waiting.remove(member);
        ahead.remove(member);
        SharedView entry = member.entry;
        if (entry != null) {
            entry.members.remove(member);
            if (entry.behind && entry.members.isEmpty()) {
                entries.remove(entry.key);
            }
        }
        member.entry = null;
    }

    // One whose proxies have all gone waits for them until something changes: they may be about to come back.
    private void forgetEmpty() {
        entries.values().removeIf(entry -> entry.members.isEmpty());
    }

    /** The mesh has changed. */
    public synchronized void advance(MeshState state) {
        MeshState before = mesh;
        mesh = state;
        Reach reach = before == null ? Reach.anything(state) : settled ? Reach.of(state) : Reach.everything();
        settled = false;
        forgetEmpty();
        if (state.changed().contains(Kind.ENVOY_FILTER)) {
            quarantines.forget(state.snapshot());
        }
        translate(state, scopes.begin(state, reach));
        boolean told = replicas;
        replicas = state.snapshot().selectsReplicas();
        if (reach.proxies() || (reach.moves().isEmpty() && (told || replicas))) {
            members().forEach(member -> move(member, state));
        }
        List.copyOf(waiting).forEach(member -> {
            waiting.remove(member);
            place(member, state);
        });
        List.copyOf(ahead).forEach(this::freshen);
        scopes.end();
        packer.endRound();
        settled = true;
    }

    private void translate(MeshState state, Reach reach) {
        List.copyOf(entries.values()).forEach(entry -> {
            boolean router = entry.key.view().router() && state.changed().contains(Kind.GATEWAY);
            translate(entry, state, scope -> router || scope.sidecar().isPresent() ? reach.chosen() : reach.types());
        });
    }

    /** Time has passed: identities that nobody has shown for long are not expected any more. */
    public synchronized void age() {
        MeshState state = mesh;
        forgetEmpty();
        if (state != null && scopes.age(state)) {
            entries.values().forEach(entry -> translate(entry, state, scope -> EnumSet.of(ResourceType.CLUSTER)));
        }
        translate(quarantines.age(), null);
    }

    private synchronized void brought(Member member, String typeUrl, Map<String, String> held) {
        SharedView entry = member.entry;
        MeshState state = mesh;
        if (entry == null || state == null || entry.behind) {
            return;
        }
        Identity identity = entry.identity();
        // What others refused is compared with what it would be told if they had not.
        Packed told = quarantines
                .alone(identity)
                .map(quarantine -> entry.alone(state, quarantine, scopes, packer))
                .orElse(entry.packed);
        Set<PatchSource> taken = Brought.taken(told.view(), told.resources().notes(), typeUrl, held);
        translate(quarantines.brought(identity, typeUrl, taken), identity);
    }

    private synchronized void accepted(Member member, String typeUrl, String version) {
        SharedView entry = member.entry;
        boolean more = StateVersion.parse(version).map(StateVersion::more).orElse(true);
        if (entry != null && !more) {
            entry.sayings.notes(typeUrl, version).ifPresent(notes -> {
                Identity identity = entry.identity();
                translate(quarantines.accepted(identity, notes, typeUrl, member.doubted), identity);
            });
        }
    }

    private synchronized void rejected(Member member, String typeUrl, Told response, String message) {
        SharedView entry = member.entry;
        MeshState state = mesh;
        if (entry == null || state == null) {
            return;
        }
        entry.sayings
                .notes(typeUrl, response.version())
                .map(notes -> Refusals.within(notes, typeUrl, response.names()))
                .ifPresent(notes -> {
                    Identity identity = entry.identity();
                    Concerned concerned = quarantines.rejected(identity, state.snapshot(), notes, typeUrl, message);
                    if (concerned == Concerned.NOBODY
                            && quarantines
                                    .suspects(identity, notes, typeUrl, message)
                                    .isEmpty()) {
                        member.doubted.addAll(Refusals.touched(notes, typeUrl));
                    }
                    translate(concerned, identity);
                });
    }

    // What is in quarantine is not what it was.
    private void translate(Concerned concerned, @Nullable Identity identity) {
        MeshState state = mesh;
        if (state != null && concerned != Concerned.NOBODY) {
            scopes.renew();
            entries.values().stream()
                    .filter(entry ->
                            concerned == Concerned.EVERYBODY || entry.identity().equals(identity))
                    .toList()
                    .forEach(entry -> translate(entry, state, scope -> EnumSet.allOf(ResourceType.class)));
        }
    }

    /** The mesh as it is; empty before the first state. */
    public Optional<MeshState> mesh() {
        return Optional.ofNullable(mesh);
    }

    /** Objects that proxies do without because Envoys refused them, and what these said. */
    public synchronized Map<ObjectKey, String> leftOut() {
        return quarantines.leftOut();
    }

    /** How many different views there are. */
    public synchronized int size() {
        return (int) entries.values().stream()
                .filter(entry -> !entry.members.isEmpty())
                .count();
    }

    /** How often a view could not be translated. */
    public long failed() {
        return failed.sum();
    }

    /** How many resources were built since the start. */
    public long built() {
        return scopes.built();
    }

    private List<Member> members() {
        return entries.values().stream()
                .flatMap(entry -> entry.members.stream())
                .toList();
    }

    // A view that cannot be translated keeps what it has; the others, and this one later, go on.
    private void translate(SharedView entry, MeshState state, Function<Scope, Set<ResourceType>> types) {
        try {
            Scope scope = scopes.of(entry.key.view(), state, quarantines.of(entry.identity()));
            renew(entry, state, scope, entry.behind ? EnumSet.allOf(ResourceType.class) : types.apply(scope));
            entry.behind = false;
        } catch (RuntimeException e) {
            entry.behind = true;
            failed.increment();
            LOG.log(
                    System.Logger.Level.ERROR,
                    "generation " + state.generation() + " could not be translated for " + entry.key.view(),
                    e);
        }
    }

    private void renew(SharedView entry, MeshState state, Scope scope, Set<ResourceType> types) {
        EnvoyResources fresh = Translator.translate(scope, entry.packed.resources(), types);
        long start = System.nanoTime();
        entry.forgetAlone();
        Packed before = entry.packed;
        Packed after = before.next(fresh, state.generation(), entry.key.discovers(), packer, scopes.caches());
        Set<String> changed = after.changedSince(before);
        entry.packed = changed.isEmpty() ? new Packed(fresh, after.typed(), after.hosted(), before.view()) : after;
        patched |= !fresh.notes().touched().isEmpty();
        entry.sayings.say(entry.packed.view(), fresh.notes());
        if (!changed.isEmpty()) {
            entry.members.forEach(member -> member.views.accept(after.view()));
            changed.forEach(url -> listener.pushed(url, entry.members.size()));
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            changed.forEach(url -> listener.made(url, took));
        }
    }

    private void place(Member member, MeshState state) {
        SharedView.Key key = key(member, state);
        SharedView entry = entries.get(key);
        if (entry == null) {
            entry = new SharedView(key);
            entries.put(key, entry);
            translate(entry, state, scope -> EnumSet.allOf(ResourceType.class));
        }
        if (entry.behind && entry.members.isEmpty()) {
            // Told nothing, rather than that there is nothing.
            entries.remove(key);
            waiting.add(member);
            return;
        }
        if (!entry.behind) {
            renewed(entry, state);
        }
        entry.members.add(member);
        member.entry = entry;
        member.views.accept(entry.packed.view());
        entry.packed.view().types().keySet().forEach(url -> listener.pushed(url, 1));
    }

    private void move(Member member, MeshState state) {
        SharedView before = member.entry;
        if (before != null && !before.key.equals(key(member, state))) {
            before.members.remove(member);
            if (before.members.isEmpty()) {
                entries.remove(before.key);
            }
            place(member, state);
        }
    }

    private static SharedView.Key key(Member member, MeshState state) {
        return new SharedView.Key(KnownProxy.view(member.proxy, state.snapshot()), member.discovers);
    }
}
