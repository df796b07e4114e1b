package io.tradingbreaker.spring.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server on loopback that reads requests and writes whatever the test says, one request a connection. */
final class RawServer implements AutoCloseable {

    private static final int LONGEST = 1 << 20;

    /** Writes an answer, or none; then the connection is closed. */
    interface Script {
        void answer(String request, OutputStream out) throws Exception;
    }

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final Queue<Socket> connections = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Script script;

    RawServer() throws IOException {
        script = sends("hello");
        daemon(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    void answers(Script next) {
        script = next;
    }

    /** The first lines of the requests that have come. */
    Queue<String> requests() {
        return requests;
    }

    /** Answers with 200 and that body. */
    static Script sends(String body) {
        return (request, out) -> write(out, status(200, "Content-Length: " + body.length()) + body);
    }

    /** Answers with a status and an empty body. */
    static Script sends(int status) {
        return (request, out) -> write(out, status(status, "Content-Length: 0"));
    }

    static String status(int status, String... headers) {
        return "HTTP/1.1 " + status + " Said\r\nConnection: close\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** Until the server is closed. */
    void hang() throws InterruptedException {
        if (!closing.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("nobody closed the server");
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connections.add(connection);
                daemon(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            String head = head(new BufferedInputStream(connection.getInputStream()));
            if (!head.isEmpty()) {
                String first = head.lines().findFirst().orElseThrow();
                requests.add(first);
                script.answer(first, connection.getOutputStream());
            }
        } catch (Exception e) {
            // The client has gone, which may be what the test is about.
        }
    }

    /** With the body behind it read, so that closing resets nothing. Bytes that are no request count as one. */
    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && head.size() < LONGEST; next = in.read()) {
            head.write(next);
            String text = head.toString(StandardCharsets.ISO_8859_1);
            if (next == 0x16 && head.size() == 1) {
                return "TLS";
            }
            if (text.endsWith("\r\n\r\n")) {
                text.lines()
                        .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
                        .findFirst()
                        .ifPresent(line ->
                                skip(in, Integer.parseInt(line.substring(15).strip())));
                return text;
            }
        }
        return "";
    }

    private static void skip(InputStream in, int count) {
        try {
            in.readNBytes(count);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        closing.countDown();
        socket.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
