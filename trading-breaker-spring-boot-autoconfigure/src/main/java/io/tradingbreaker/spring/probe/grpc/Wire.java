package io.tradingbreaker.spring.probe.grpc;

import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * As much of protobuf's wire format as two questions need: a message of one field, and one number out of an answer. The
 * messages are those of {@code geyser.proto} and of gRPC's own health service.
 */
final class Wire {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private Wire() {}

    /** @param name service and method, as {@code package.Service/Method} */
    static MethodDescriptor<byte[], byte[]> unary(String name) {
        return MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(name)
                .setRequestMarshaller(Bytes.AS_THEY_ARE)
                .setResponseMarshaller(Bytes.AS_THEY_ARE)
                .build();
    }

    static byte[] messageOf(int field, long number) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writeVarint(out, ((long) field << 3) | VARINT);
        writeVarint(out, number);
        return out.toByteArray();
    }

    static byte[] messageOf(int field, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writeVarint(out, ((long) field << 3) | LENGTH_DELIMITED);
        writeVarint(out, bytes.length);
        out.writeBytes(bytes);
        return out.toByteArray();
    }

    /**
     * The number in that field, 0 if it is not there; the last one counts, other fields are passed over.
     *
     * @throws IllegalArgumentException if this is no message of protobuf
     */
    static long number(byte[] message, int field) {
        ByteBuffer in = ByteBuffer.wrap(message);
        long found = 0;
        try {
            while (in.hasRemaining()) {
                long tag = readVarint(in);
                switch ((int) tag & 7) {
                    case VARINT -> {
                        long value = readVarint(in);
                        found = tag >>> 3 == field ? value : found;
                    }
                    case FIXED64 -> skip(in, Long.BYTES);
                    case LENGTH_DELIMITED -> skip(in, readVarint(in));
                    case FIXED32 -> skip(in, Integer.BYTES);
                    default -> throw new IllegalArgumentException("no message of protobuf");
                }
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the message breaks off", e);
        }
        return found;
    }

    private static void skip(ByteBuffer in, long bytes) {
        if (bytes < 0 || bytes > in.remaining()) {
            throw new BufferUnderflowException();
        }
        in.position(in.position() + (int) bytes);
    }

    private static long readVarint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number is too long");
    }

    private static void writeVarint(ByteArrayOutputStream out, long value) {
        long rest = value;
        for (; (rest & ~0x7FL) != 0; rest >>>= 7) {
            out.write(((int) rest & 0x7F) | 0x80);
        }
        out.write((int) rest);
    }

    private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
        AS_THEY_ARE;

        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        /** The channel bounds what can be read here. */
        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
