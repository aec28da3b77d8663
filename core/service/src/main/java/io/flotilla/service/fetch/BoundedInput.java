package io.flotilla.service.fetch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.net.Socket;

/** Reads a socket until the deadline, however slowly its bytes come. */
final class BoundedInput extends FilterInputStream {
    private final Socket socket;
    private final Deadline deadline;

    BoundedInput(Socket socket, Deadline deadline) throws IOException {
        super(socket.getInputStream());
        this.socket = socket;
        this.deadline = deadline;
    }

    @Override
    public int read() throws IOException {
        socket.setSoTimeout(deadline.millis());
        return super.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        socket.setSoTimeout(deadline.millis());
        return super.read(bytes, offset, length);
    }
}
