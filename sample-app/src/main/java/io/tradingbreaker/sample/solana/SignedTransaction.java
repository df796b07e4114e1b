package io.tradingbreaker.sample.solana;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A transaction with one signature, as it goes over the wire: the signature, then a message of either version of Solana's.
 * Our own carry one memo. The same content always has the same signature. Immutable.
 */
public final class SignedTransaction {

    /** The length of a blockhash in bytes. */
    public static final int BLOCKHASH = 32;

    private static final int SIGNATURE = 64;
    private static final int MESSAGE = 1 + SIGNATURE;
    private static final int MOST = 1232;
    private static final int LONGEST_MEMO = 127;
    private static final byte[] MEMO_PROGRAM = Base58.decode("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr");

    private final byte[] wire;
    private final int accounts;

    private SignedTransaction(byte[] wire) {
        this.wire = wire;
        boolean isShort = wire.length <= MESSAGE + 5 + Keypair.PUBLIC_KEY + BLOCKHASH;
        if (isShort || wire.length > MOST || wire[0] != 1) {
            throw new IllegalArgumentException("not a transaction with one signature, of at most " + MOST + " bytes");
        }
        int header = wire[MESSAGE] < 0 ? MESSAGE + 1 : MESSAGE; // a versioned message begins with 0x80 + version
        accounts = header + 4;
        int count = wire[accounts - 1];
        if (wire[header] != 1 || count < 1 || blockhashOffset() + BLOCKHASH > wire.length) {
            throw new IllegalArgumentException("the message asks for other than one signature, or is cut off");
        }
    }

    /**
     * Signs a memo.
     *
     * @param blockhash in base 58
     * @param memo at most 127 bytes
     */
    public static SignedTransaction sign(Keypair key, String blockhash, String memo) {
        return sign(key, unsigned(key.publicKey(), Base58.decode(blockhash), memo));
    }

    /**
     * Signs what another made.
     *
     * @param wire a transaction with room for one signature
     * @throws IllegalArgumentException if it is none, or not one that this key pays for
     */
    public static SignedTransaction sign(Keypair key, byte[] wire) {
        byte[] signed = wire.clone();
        SignedTransaction transaction = new SignedTransaction(signed);
        if (!Arrays.equals(transaction.payer(), key.publicKey())) {
            throw new IllegalArgumentException("the transaction is not one that this key pays for");
        }
        System.arraycopy(key.sign(transaction.message()), 0, signed, 1, SIGNATURE);
        return transaction;
    }

    /** A memo with room for the signature of its payer. */
    public static byte[] unsigned(byte[] payer, byte[] blockhash, String memo) {
        byte[] text = memo.getBytes(StandardCharsets.UTF_8);
        if (payer.length != Keypair.PUBLIC_KEY || blockhash.length != BLOCKHASH || text.length > LONGEST_MEMO) {
            throw new IllegalArgumentException("no payer, no blockhash, or too long a memo");
        }
        return ByteBuffer.allocate(MESSAGE + 4 + 2 * Keypair.PUBLIC_KEY + BLOCKHASH + 4 + text.length)
                .put((byte) 1)
                .put(new byte[SIGNATURE])
                .put(new byte[] {1, 0, 1, 2}) // one signer, one account that is only read, two accounts
                .put(payer)
                .put(MEMO_PROGRAM)
                .put(blockhash)
                .put(new byte[] {1, 1, 0, (byte) text.length}) // one instruction: to the program, no accounts, this
                .put(text)
                .array();
    }

    /**
     * A transaction as it was received.
     *
     * @throws IllegalArgumentException if these bytes are no transaction with one signature
     */
    public static SignedTransaction parse(byte[] wire) {
        return new SignedTransaction(wire.clone());
    }

    public String base64() {
        return Base64.getEncoder().encodeToString(wire);
    }

    /** In base 58, as the node answers it. */
    public String signature() {
        return Base58.encode(Arrays.copyOfRange(wire, 1, MESSAGE));
    }

    public byte[] blockhash() {
        return Arrays.copyOfRange(wire, blockhashOffset(), blockhashOffset() + BLOCKHASH);
    }

    /** The text of a memo; of other transactions whatever stands there. */
    public String memo() {
        int text = Math.min(wire.length, blockhashOffset() + BLOCKHASH + 4);
        return new String(wire, text, wire.length - text, StandardCharsets.UTF_8);
    }

    /** Whether the signature is the payer's under this content. */
    public boolean isSignedCorrectly() {
        return Keypair.isSignedBy(payer(), message(), Arrays.copyOfRange(wire, 1, MESSAGE));
    }

    private byte[] payer() {
        return Arrays.copyOfRange(wire, accounts, accounts + Keypair.PUBLIC_KEY);
    }

    private byte[] message() {
        return Arrays.copyOfRange(wire, MESSAGE, wire.length);
    }

    private int blockhashOffset() {
        return accounts + wire[accounts - 1] * Keypair.PUBLIC_KEY;
    }
}
