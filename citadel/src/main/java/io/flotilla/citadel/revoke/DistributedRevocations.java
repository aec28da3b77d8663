package io.flotilla.citadel.revoke;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.api.mcp.v1alpha1.Resource;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.client.Update;
import io.flotilla.discovery.client.UpdateListener;
import io.flotilla.identity.revocation.RevocationSet;
import io.flotilla.identity.revocation.Revocations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Revocations as Galley distributes them, beside those that were written down here before there was a Galley to ask.
 * The last ones are kept in a file: a start while Galley is away lets nobody back in.
 */
public final class DistributedRevocations implements RevocationBook, UpdateListener {
    /** The collection of Galley's. */
    public static final String TYPE = "security.flotilla.io/v1/Revocation";

    private static final Logger LOG = Logger.getLogger("citadel");

    private final RevocationBook own;
    private final Path file;
    private final Runnable changed;
    private volatile State state;

    private record State(List<Revocation> distributed, List<Revocation> all, RevocationSet set) {}

    /**
     * What an earlier run knew, until Galley says otherwise.
     *
     * @param own     what was written down here
     * @param file    where the last ones are kept
     * @param changed is told after a change
     */
    public DistributedRevocations(RevocationBook own, Path file, Runnable changed) throws IOException {
        this.own = own;
        this.file = file;
        this.changed = changed;
        this.state = state(read());
    }

    @Override
    public void apply(Update update) {
        List<Revocation> distributed = new ArrayList<>();
        List<String> unread = new ArrayList<>();
        update.view().types().getOrDefault(TYPE, ResourceSet.EMPTY).byName().forEach((name, resource) -> {
            try {
                Any body = Resource.parseFrom(Any.parseFrom(resource.any()).getValue())
                        .getBody();
                Revocation revocation = body.unpack(Revocation.class);
                if (Revocations.read(revocation) instanceof Revocations.Outcome.Bad bad) {
                    unread.add(name + ": " + bad.message());
                } else {
                    distributed.add(revocation);
                }
            } catch (InvalidProtocolBufferException e) {
                unread.add(name + ": " + e.getMessage());
            }
        });
        if (!unread.isEmpty()) {
            // Whom it strikes is not known, so nobody is let back in until all can be read again.
            state.distributed().stream()
                    .filter(each -> !distributed.contains(each))
                    .forEach(distributed::add);
            LOG.errorf("revocations that cannot be read: %s; all that were in force stay so", unread);
        }
        if (distributed.equals(state.distributed())) {
            return;
        }
        try {
            write(distributed);
        } catch (IOException e) {
            LOG.errorf("revocations are not kept for the next start: %s", e);
        }
        state = state(distributed);
        LOG.infof("%d revocations are in force", state.all().size());
        changed.run();
    }

    private State state(List<Revocation> distributed) {
        List<Revocation> all = new ArrayList<>(own.all());
        all.addAll(distributed);
        all.sort(Comparator.comparing((Revocation each) -> each.getRevokedAt().getSeconds()));
        List<RevocationSet.Entry> entries = new ArrayList<>();
        for (Revocation each : all) {
            switch (Revocations.read(each)) {
                case Revocations.Outcome.Good good -> entries.add(good.entry());
                case Revocations.Outcome.Bad bad -> LOG.errorf("a revocation is passed over: %s", bad.message());
            }
        }
        return new State(List.copyOf(distributed), List.copyOf(all), new RevocationSet(entries));
    }

    private List<Revocation> read() throws IOException {
        List<Revocation> kept = new ArrayList<>();
        if (Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                for (Revocation next = Revocation.parseDelimitedFrom(in);
                        next != null;
                        next = Revocation.parseDelimitedFrom(in)) {
                    kept.add(next);
                }
            }
        }
        return kept;
    }

    private void write(List<Revocation> revocations) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Revocation each : revocations) {
            each.writeDelimitedTo(bytes);
        }
        // On the disk before it stands in the place of the old: an empty file would say that nothing is revoked.
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer left = ByteBuffer.wrap(bytes.toByteArray());
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void connection(boolean up, String reason) {
        LOG.info(up ? "connected to Galley" : "lost Galley: " + reason);
    }

    @Override
    public List<Revocation> all() {
        return state.all();
    }

    @Override
    public RevocationSet set() {
        return state.set();
    }

    @Override
    public Revocations.Outcome take(Revocation revocation) {
        return Revocations.read(revocation);
    }

    @Override
    public boolean byObject() {
        return true;
    }
}
