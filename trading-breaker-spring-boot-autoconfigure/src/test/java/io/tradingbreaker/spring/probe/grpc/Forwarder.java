package io.tradingbreaker.spring.probe.grpc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A port on loopback that forwards each connection to another one, after something else was done. */
final class Forwarder implements AutoCloseable {

    private final ServerSocket listening;

    Forwarder(int port, Runnable first) {
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(() -> {
            Socket near = listening.accept();
            first.run();
            Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
            start(() -> copy(near, far));
            copy(far, near);
        });
    }

    String address() {
        return "http://localhost:" + listening.getLocalPort();
    }

    private static void copy(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        }
    }

    private static void start(Transfer transfer) {
        Thread thread = new Thread(() -> {
            try {
                transfer.run();
            } catch (IOException e) {
                // One side has closed: the test is over.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private interface Transfer {
        void run() throws IOException;
    }
}
