package io.tradingbreaker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second process away from a file, by the lock of another file beside it, which holds the number of the process.
 * That file stays: to delete it would let two lock what seems to be the same. To be used by one thread at a time.
 */
final class StoreLock {

    // The system lets go of a file's lock as soon as the process closes any channel of it, be it another one.
    private static final Set<Path> TAKEN_HERE = ConcurrentHashMap.newKeySet();
    private static final Queue<FileChannel> NEVER_CLOSED = new ConcurrentLinkedQueue<>();

    private final Path path;
    private final FileAttribute<?>[] attributes;
    private @Nullable FileChannel channel;
    private @Nullable Path taken;
    private boolean isClosed;

    StoreLock(Path path, FileAttribute<?>[] attributes) {
        this.path = path;
        this.attributes = attributes;
    }

    /**
     * Locks it, or leaves that to {@link #lock} if there cannot be such a file at present.
     *
     * @throws SwitchStoreException if it is taken
     */
    void tryLock() {
        try {
            lock();
        } catch (IOException notNow) {
            // A read or a write that needs it says so.
        }
    }

    /**
     * Locks it, if that has not been done.
     *
     * @throws SwitchStoreException if it is taken
     */
    void lock() throws IOException {
        if (isClosed) {
            throw new IOException("the store is closed");
        }
        if (channel != null) {
            return;
        }
        Path here = path.resolveSibling(".").toRealPath().resolve(path.getFileName());
        if (!TAKEN_HERE.add(here)) {
            throw taken("this process");
        }
        try {
            channel = opened();
            taken = here;
        } finally {
            if (channel == null) {
                TAKEN_HERE.remove(here);
            }
        }
    }

    private FileChannel opened() throws IOException {
        Set<OpenOption> options = Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        FileChannel opened = FileChannel.open(path, options, attributes);
        boolean isToStayOpen = false;
        try {
            if (opened.tryLock() == null) {
                throw taken("process " + holder(opened));
            }
            isToStayOpen = true;
        } catch (OverlappingFileLockException e) {
            // Another class loader's store has it.
            NEVER_CLOSED.add(opened);
            isToStayOpen = true;
            throw taken("this process");
        } finally {
            if (!isToStayOpen) {
                opened.close();
            }
        }
        // Only for people: the lock holds without it, as on a disk that is full.
        write(opened);
        return opened;
    }

    private SwitchStoreException taken(String by) {
        return new SwitchStoreException("the store of halts is in use by " + by + " (" + path
                + "): each process needs a file of its own, or a database that they share");
    }

    private static String holder(FileChannel opened) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(20);
        opened.read(bytes, 0);
        String number =
                StandardCharsets.US_ASCII.decode(bytes.flip()).toString().strip();
        return number.matches("[0-9]+") ? number : "unknown";
    }

    private static void write(FileChannel opened) {
        try {
            opened.truncate(0);
            opened.write(
                    StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"), 0);
        } catch (IOException e) {
            // See above.
        }
    }

    void close() {
        isClosed = true;
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // The lock ends with the process at the latest.
            }
            channel = null;
        }
        if (taken != null) {
            TAKEN_HERE.remove(taken);
            taken = null;
        }
    }
}
