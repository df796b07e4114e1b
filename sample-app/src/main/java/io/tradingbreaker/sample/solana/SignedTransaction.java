package io.tradingbreaker.sample.solana;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * A transaction in a shape like Solana's: one signature, a recent blockhash, an instruction. Its signature is a digest of
 * the rest, so that the same content always has the same signature. Immutable.
 */
public final class SignedTransaction {

    /** The length of a blockhash in bytes. */
    public static final int BLOCKHASH = 32;

    private static final int SIGNATURE = 64;
    private static final int MOST = 1232;

    private final byte[] wire;

    private SignedTransaction(byte[] wire) {
        this.wire = wire;
    }

    /**
     * Signs an instruction.
     *
     * @param blockhash in base 58
     */
    public static SignedTransaction sign(String blockhash, String instruction) {
        byte[] hash = Base58.decode(blockhash);
        byte[] text = instruction.getBytes(StandardCharsets.UTF_8);
        byte[] message = ByteBuffer.allocate(hash.length + text.length)
                .put(hash)
                .put(text)
                .array();
        return parse(ByteBuffer.allocate(1 + SIGNATURE + message.length)
                .put((byte) 1)
                .put(digest(message))
                .put(message)
                .array());
    }

    /**
     * A transaction as it was received.
     *
     * @throws IllegalArgumentException if these bytes are no transaction with one signature
     */
    public static SignedTransaction parse(byte[] wire) {
        if (wire.length <= 1 + SIGNATURE + BLOCKHASH || wire.length > MOST || wire[0] != 1) {
            throw new IllegalArgumentException("not a transaction with one signature, of at most " + MOST + " bytes");
        }
        return new SignedTransaction(wire.clone());
    }

    public String base64() {
        return Base64.getEncoder().encodeToString(wire);
    }

    /** In base 58, as the node answers it. */
    public String signature() {
        return Base58.encode(Arrays.copyOfRange(wire, 1, 1 + SIGNATURE));
    }

    public byte[] blockhash() {
        return Arrays.copyOfRange(wire, 1 + SIGNATURE, 1 + SIGNATURE + BLOCKHASH);
    }

    /** Whether the signature belongs to the content. */
    public boolean isSignedCorrectly() {
        byte[] message = Arrays.copyOfRange(wire, 1 + SIGNATURE, wire.length);
        return Arrays.equals(digest(message), Arrays.copyOfRange(wire, 1, 1 + SIGNATURE));
    }

    private static byte[] digest(byte[] message) {
        try {
            return MessageDigest.getInstance("SHA-512").digest(message);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
