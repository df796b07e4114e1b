package io.tradingbreaker.sample;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Takes spans in OTLP over HTTP, protobuf, as a collector does. Thread-safe. */
final class TraceCollector implements AutoCloseable {

    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    /**
     * One span.
     *
     * @param parent the parent's id; empty for none
     */
    record Span(String trace, String id, String parent, String name, Map<String, String> attributes) {}

    TraceCollector() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.createContext("/v1/traces", exchange -> {
            read(ByteBuffer.wrap(exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    List<Span> trace(String id) {
        return spans.stream().filter(span -> span.trace().equals(id)).toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    // The numbers are those of opentelemetry/proto/trace/v1/trace.proto.

    private void read(ByteBuffer request) {
        fields(
                request,
                (field, resource) -> fields(resource, 2, scope -> fields(scope, 2, span -> spans.add(span(span)))));
    }

    private static Span span(ByteBuffer span) {
        Map<Integer, ByteBuffer> parts = new TreeMap<>();
        Map<String, String> attributes = new TreeMap<>();
        fields(span, (field, value) -> {
            if (field == 9) {
                attribute(value, attributes);
            } else {
                parts.put(field, value);
            }
        });
        return new Span(hex(parts.get(1)), hex(parts.get(2)), hex(parts.get(4)), text(parts.get(5)), attributes);
    }

    private static void attribute(ByteBuffer pair, Map<String, String> attributes) {
        Map<Integer, ByteBuffer> parts = new TreeMap<>();
        fields(pair, parts::put);
        fields(parts.get(2), 1, value -> attributes.put(text(parts.get(1)), text(value)));
    }

    private static void fields(ByteBuffer message, int wanted, Consumer<ByteBuffer> reader) {
        fields(message, (field, value) -> {
            if (field == wanted) {
                reader.accept(value);
            }
        });
    }

    /** The fields that have a length; others are passed over. */
    private static void fields(ByteBuffer message, BiConsumer<Integer, ByteBuffer> reader) {
        ByteBuffer rest = message.slice().order(ByteOrder.LITTLE_ENDIAN);
        while (rest.hasRemaining()) {
            long tag = varint(rest);
            switch ((int) (tag & 7)) {
                case 0 -> varint(rest);
                case 1 -> rest.getLong();
                case 2 -> {
                    int length = (int) varint(rest);
                    reader.accept((int) (tag >>> 3), rest.slice(rest.position(), length));
                    rest.position(rest.position() + length);
                }
                case 5 -> rest.getInt();
                default -> throw new IllegalArgumentException("no protobuf");
            }
        }
    }

    private static long varint(ByteBuffer from) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = from.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static String hex(ByteBuffer bytes) {
        return bytes == null ? "" : HexFormat.of().formatHex(bytes(bytes));
    }

    private static String text(ByteBuffer bytes) {
        return bytes == null ? "" : new String(bytes(bytes), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer from) {
        byte[] bytes = new byte[from.remaining()];
        from.duplicate().get(bytes);
        return bytes;
    }
}
