package io.flotilla.citadel.revoke;

import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.identity.revocation.RevocationSet;
import io.flotilla.identity.revocation.Revocations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Revocations in a file that only grows: each is on disk before it is answered for. One that was cut off while it was
 * written is the last, was never answered for, and is passed over.
 */
public final class RevocationLog implements RevocationBook {
    private final Path file;
    private final List<Revocation> all = new ArrayList<>();
    private volatile RevocationSet set = RevocationSet.NOTHING;

    private RevocationLog(Path file) {
        this.file = file;
    }

    /** Reads what is there. */
    public static RevocationLog open(Path file) throws IOException {
        RevocationLog log = new RevocationLog(file);
        long whole = 0;
        if (Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                whole = log.read(in);
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(whole);
            }
        }
        return log;
    }

    private long read(InputStream in) throws IOException {
        long whole = 0;
        try {
            for (Revocation next = Revocation.parseDelimitedFrom(in);
                    next != null;
                    next = Revocation.parseDelimitedFrom(in)) {
                remember(next);
                whole += delimited(next).length;
            }
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            // The last one was cut off.
            return whole;
        }
        return whole;
    }

    @Override
    public synchronized Revocations.Outcome take(Revocation revocation) throws IOException {
        Revocations.Outcome outcome = Revocations.read(revocation);
        if (outcome instanceof Revocations.Outcome.Good) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                ByteBuffer bytes = ByteBuffer.wrap(delimited(revocation));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            remember(revocation);
        }
        return outcome;
    }

    @Override
    public boolean byObject() {
        return false;
    }

    @Override
    public synchronized List<Revocation> all() {
        return List.copyOf(all);
    }

    @Override
    public RevocationSet set() {
        return set;
    }

    private void remember(Revocation revocation) {
        all.add(revocation);
        List<RevocationSet.Entry> entries = new ArrayList<>();
        for (Revocation each : all) {
            if (Revocations.read(each) instanceof Revocations.Outcome.Good good) {
                entries.add(good.entry());
            }
        }
        set = new RevocationSet(entries);
    }

    private static byte[] delimited(Revocation revocation) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        revocation.writeDelimitedTo(bytes);
        return bytes.toByteArray();
    }
}
