package io.tradingbreaker.sample.simulator;

import io.tradingbreaker.sample.solana.Base58;
import io.tradingbreaker.sample.solana.SignedTransaction;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The transactions that the chain has executed. The same transaction again is answered with its signature and changes
 * nothing; another one for an order that has been executed is refused. Either counts as a duplicate. A transaction is
 * remembered for longer than its blockhash is accepted. Thread-safe.
 */
final class Ledger {

    // What our own memos begin with: an action and the order's number.
    private static final Pattern ORDER = Pattern.compile("(?:swap|place|cancel) \\S+");

    private final byte[] salt = new byte[16];
    private final int validSlots;
    private final Map<String, Executed> executed = new LinkedHashMap<>();
    private final Set<String> orders = new HashSet<>();
    private long count;
    private long duplicates;

    Ledger(int validSlots) {
        this.validSlots = validSlots;
        new SecureRandom().nextBytes(salt);
    }

    String blockhash(long slot) {
        return Base58.encode(hash(slot));
    }

    /** The last slot in which a transaction with that slot's blockhash is executed. */
    long lastValid(long slot) {
        return slot + validSlots;
    }

    /**
     * Whether the chain would accept a transaction.
     *
     * @throws RpcError if its signature is wrong
     */
    boolean isValid(SignedTransaction transaction, long slot) {
        if (!transaction.isSignedCorrectly()) {
            throw RpcError.badSignature();
        }
        byte[] blockhash = transaction.blockhash();
        long hashed = hashedSlot(blockhash);
        return Arrays.equals(blockhash, hash(hashed)) && slot <= lastValid(hashed);
    }

    /** Executes a transaction unless it has been, and answers its signature. */
    String execute(SignedTransaction transaction, long slot) {
        if (!isValid(transaction, slot)) {
            throw RpcError.blockhashNotFound();
        }
        Matcher memo = ORDER.matcher(transaction.memo());
        String signature = transaction.signature();
        record(signature, memo.lookingAt() ? memo.group() : signature, slot, hashedSlot(transaction.blockhash()));
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

    synchronized long duplicates() {
        return duplicates;
    }

    private synchronized void record(String signature, String order, long slot, long hashed) {
        if (executed.containsKey(signature)) {
            duplicates++;
            return;
        }
        if (!orders.add(order)) {
            duplicates++;
            throw RpcError.alreadyExecuted();
        }
        count++;
        executed.put(signature, new Executed(slot, hashed, order));
        executed.values().removeIf(old -> {
            boolean isOld = slot - old.hashedSlot > 2L * validSlots;
            return isOld && orders.remove(old.order);
        });
    }

    private static long hashedSlot(byte[] blockhash) {
        return ByteBuffer.wrap(blockhash).getLong();
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

    private record Executed(long slot, long hashedSlot, String order) {}
}
