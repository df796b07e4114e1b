package io.tradingbreaker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * Keeps halts in a file, which belongs to this process alone as long as the store is open. Each document is written
 * beside it, forced to the disk, and then put in its place in one step; so there is the old one or the new one, whole,
 * whenever the process or the machine stops. The file may be read by its owner only, where the file system knows owners.
 *
 * <p>What is no document of ours is neither taken for one nor overwritten. To be used by one thread at a time.
 */
public final class FileSwitchStore implements SwitchStore {

    private static final String KEPT =
            ". It is left as it is: restore it, or move it away to begin with nothing halted";

    private final Path file;
    private final Path folder;
    private final Path draft;
    private final boolean isPosix;
    private final StoreLock lock;
    private boolean isTriedOut;
    // Whether the last document's place in the folder may not be on the disk yet.
    private boolean isUnsure;

    /**
     * Opens the store, which need not exist yet.
     *
     * @throws InvalidConfigException if there cannot be a file of that name
     * @throws SwitchStoreException if another store has it open, in this process or another one
     */
    public FileSwitchStore(Path file) {
        this.file = file.toAbsolutePath().normalize();
        Path name = this.file.getFileName();
        Path parent = this.file.getParent();
        if (name == null || parent == null || file.toString().isBlank()) {
            throw refused("must be the name of a file");
        }
        if (Files.isDirectory(this.file)) {
            throw refused("must be a file, and there is a folder of that name");
        }
        if (!Files.isDirectory(parent)) {
            throw refused("must be in a folder that exists, and " + parent + " does not");
        }
        folder = parent;
        draft = folder.resolve(name + ".tmp");
        isPosix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        lock = new StoreLock(folder.resolve(name + ".lock"), attributes());
        lock.tryLock();
    }

    private InvalidConfigException refused(String allowed) {
        return new InvalidConfigException("store.path", Text.oneLine(file.toString()), allowed);
    }

    @Override
    public SwitchPositions read() {
        return told("read", this::readFile);
    }

    @Override
    public boolean replace(SwitchPositions expected, SwitchPositions next, List<Change> changes) {
        String text = next.toText();
        return told("written", () -> {
            if (readFile().version() != expected.version()) {
                return false;
            }
            write(text);
            return true;
        });
    }

    private <T> T told(String what, Work<T> work) {
        try {
            lock.lock();
            Files.deleteIfExists(draft);
            if (!isTriedOut) {
                tryOut();
            }
            return work.run();
        } catch (IOException e) {
            throw new SwitchStoreException(file + " cannot be " + what + ": " + Text.oneLine(Text.of(e)), e);
        }
    }

    /** Writes a draft, and nothing of it stays: a halt must not be the first to find out that nothing can be written. */
    private void tryOut() throws IOException {
        writeDraft("try-out\n");
        Files.delete(draft);
        isTriedOut = true;
    }

    private SwitchPositions readFile() throws IOException {
        if (isUnsure) {
            forceFolder();
        }
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return SwitchPositions.NONE;
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new SwitchStoreException(file + " is no regular file, but a folder, a link or a device" + KEPT);
        }
        try {
            return SwitchPositions.parse(text());
        } catch (SwitchStoreException e) {
            throw new SwitchStoreException(file + ": " + e.getMessage() + KEPT, e);
        }
    }

    private String text() throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            if (in.size() > SwitchText.LONGEST) {
                throw new SwitchStoreException("it has " + in.size() + " bytes, of at most " + SwitchText.LONGEST);
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) in.size());
            while (bytes.hasRemaining() && in.read(bytes) >= 0) {
                // Until it is full.
            }
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new SwitchStoreException("it is no store of halts: it is no text in UTF-8", e);
        }
    }

    private void write(String text) throws IOException {
        writeDraft(text);
        isUnsure = true;
        move();
        forceFolder();
    }

    private void writeDraft(String text) throws IOException {
        Set<OpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel out = FileChannel.open(draft, fresh, attributes())) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(draft);
            throw e;
        }
    }

    private void move() throws IOException {
        try {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("the file system of " + folder + " cannot replace a file in one step", e);
        }
    }

    private void forceFolder() throws IOException {
        if (isPosix) {
            try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
                entries.force(true);
            }
        }
        isUnsure = false;
    }

    private FileAttribute<?>[] attributes() {
        return isPosix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /** False: the file belongs to this process. */
    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public String description() {
        return "file " + file;
    }

    /** Lets others open it. */
    @Override
    public void close() {
        lock.close();
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws IOException;
    }
}
