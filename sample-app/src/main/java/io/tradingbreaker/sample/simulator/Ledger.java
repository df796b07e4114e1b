package io.tradingbreaker.sample.simulator;

import io.tradingbreaker.sample.solana.Base58;
import io.tradingbreaker.sample.solana.SignedTransaction;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The transactions that the node has executed, each once: the same signature again changes nothing. A signature is
 * remembered for longer than its blockhash is accepted. Thread-safe.
 */
final class Ledger {

    /** The number of slots for which a blockhash is accepted. */
    static final int VALID_SLOTS = 150;

    private static final int REMEMBERED_SLOTS = 2 * VALID_SLOTS;

    private final byte[] salt = new byte[16];
    private final Map<String, Executed> executed = new LinkedHashMap<>();
    private long count;
    private long duplicates;

    Ledger() {
        new SecureRandom().nextBytes(salt);
    }

    String blockhash(long slot) {
        return Base58.encode(hash(slot));
    }

    /** Executes a transaction unless it has been, and answers its signature. */
    synchronized String execute(SignedTransaction transaction, long slot) {
        if (!transaction.isSignedCorrectly()) {
            throw RpcError.badSignature();
        }
        byte[] blockhash = transaction.blockhash();
        long hashed = ByteBuffer.wrap(blockhash).getLong();
        if (!Arrays.equals(blockhash, hash(hashed)) || slot - hashed > VALID_SLOTS) {
            throw RpcError.blockhashNotFound();
        }
        String signature = transaction.signature();
        if (executed.putIfAbsent(signature, new Executed(slot, hashed)) == null) {
            count++;
        } else {
            duplicates++;
        }
        executed.values().removeIf(old -> slot - old.hashedSlot > REMEMBERED_SLOTS);
        return signature;
    }

    /** The slot in which a transaction was executed; null if it was not, or is too old to be remembered. */
    synchronized @Nullable Long slotOf(String signature) {
        Executed found = executed.get(signature);
        return found == null ? null : found.slot;
    }

    /** Transactions executed. */
    synchronized long count() {
        return count;
    }

    /** Transactions sent again and not executed again. */
    synchronized long duplicates() {
        return duplicates;
    }

    /** The slot itself, then what only this ledger can know. */
    private byte[] hash(long slot) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            byte[] secret = digest.digest(ByteBuffer.allocate(8).putLong(slot).array());
            return ByteBuffer.allocate(SignedTransaction.BLOCKHASH)
                    .putLong(slot)
                    .put(secret, 0, SignedTransaction.BLOCKHASH - 8)
                    .array();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Executed(long slot, long hashedSlot) {}
}
