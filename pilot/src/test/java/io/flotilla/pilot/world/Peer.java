package io.flotilla.pilot.world;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;

/** One connection over mesh TLS, kept open: requests on it go over no other. */
public final class Peer implements AutoCloseable {
    /** Of an alternative name, RFC 5280 4.2.1.6. */
    private static final Integer DNS_NAME = 2;

    private final SSLSocket socket;
    private final BufferedReader in;

    private Peer(SSLSocket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Connects, and has shaken hands when it returns. */
    public static Peer connect(SSLContext tls, String address, int port, String protocol) throws IOException {
        return connect(tls, address, port, protocol, List.of());
    }

    /** The same through a gateway between networks, which goes by the server's name. */
    public static Peer through(SSLContext tls, int gateway, String protocol, String server) throws IOException {
        // A name of the mesh has underscores, which the JDK's own class for host names refuses.
        SNIServerName name =
                new SNIServerName(StandardConstants.SNI_HOST_NAME, server.getBytes(StandardCharsets.US_ASCII)) {};
        return connect(tls, "127.0.0.1", gateway, protocol, List.of(name));
    }

    private static Peer connect(SSLContext tls, String address, int port, String protocol, List<SNIServerName> names)
            throws IOException {
        Socket plain = new Socket(address, port);
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, address, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        if (!names.isEmpty()) {
            parameters.setServerNames(names);
        }
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(30_000);
        socket.startHandshake();
        return new Peer(socket);
    }

    /** The status of one request; "closed" where the connection is. */
    public String get(String path) throws IOException {
        String status = line("GET " + path + " HTTP/1.1\r\nhost: server\r\n\r\n");
        if (status.equals("closed")) {
            return status;
        }
        int length = 0;
        for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring(header.indexOf(':') + 1).strip());
            }
        }
        for (int read = 0; read < length; read++) {
            in.read();
        }
        return status.split(" ", -1)[1];
    }

    /** Writes, and reads a line; "closed" where the connection is. */
    public String line(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            String answer = in.readLine();
            return answer == null ? "closed" : answer;
        } catch (IOException e) {
            return "closed";
        }
    }

    /** The first DNS name in the server's certificate. */
    public String server() throws IOException, CertificateParsingException {
        X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        return shown.getSubjectAlternativeNames().stream()
                .filter(name -> name.getFirst().equals(DNS_NAME))
                .map(name -> (String) name.get(1))
                .findFirst()
                .orElse("");
    }

    /** Of the TLS session: another one for each connection unless one was taken up again. */
    public long sessionBegan() {
        return socket.getSession().getCreationTime();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
