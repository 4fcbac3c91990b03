/*
 * Loaded into a server process (LD_PRELOAD): writes a record of every change and every sync of the database files to the file WRITES_LOG. From these
 * records a test builds the files as a power cut would leave them. Records are in the byte order of the machine:
 *
 *   u32 operation, u32 length of the path, u64 nanoseconds (CLOCK_MONOTONIC), u64 offset, u64 length of the data, the path, the data
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum operation { WRITE = 1, TRUNCATE = 2, SYNC = 3, UNLINK = 4 };

struct record {
  uint32_t operation;
  uint32_t path_length;
  uint64_t at;
  uint64_t offset;
  uint64_t length;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;

/* Only the database and its write-ahead log: the -shm file is rebuilt at every start. */
static int is_recorded(const char *path) {
  const char *name = strrchr(path, '/');
  if (getenv("WRITES_LOG") == NULL || name == NULL || strncmp(name + 1, "esim.db", 7) != 0) return 0;
  return strstr(name, "-shm") == NULL;
}

static int path_of(int fd, char *path, size_t size) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, size - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return is_recorded(path);
}

static void append(const void *bytes, size_t length) {
  while (length > 0) {
    ssize_t done = syscall(SYS_write, log_fd, bytes, length);
    if (done < 0) abort();
    bytes = (const char *)bytes + done;
    length -= done;
  }
}

static void add_record(enum operation operation, const char *path, uint64_t offset, const void *data, size_t length) {
  struct timespec now;
  if (log_fd < 0) log_fd = open(getenv("WRITES_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  clock_gettime(CLOCK_MONOTONIC, &now);
  struct record record = {operation, strlen(path), now.tv_sec * 1000000000ull + now.tv_nsec, offset,
                          data == NULL ? 0 : length};
  append(&record, sizeof record);
  append(path, record.path_length);
  append(data, record.length);
}

#define ORIGINAL(name) \
  static typeof(&name) original; \
  if (original == NULL) original = (typeof(&name))dlsym(RTLD_NEXT, #name)

/* Does the call, and then records it: what is recorded as synced is on the disk. */
#define RECORD(fd, call, operation, offset, data, length) \
  char path[4096]; \
  if (!path_of(fd, path, sizeof path)) return call; \
  pthread_mutex_lock(&lock); \
  uint64_t at = offset; \
  typeof(call) result = call; \
  if (result >= 0) add_record(operation, path, at, data, length); \
  pthread_mutex_unlock(&lock); \
  return result

ssize_t write(int fd, const void *data, size_t length) {
  ORIGINAL(write);
  RECORD(fd, original(fd, data, length), WRITE, lseek(fd, 0, SEEK_CUR), data, result);
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) {
  ORIGINAL(pwrite);
  RECORD(fd, original(fd, data, length, offset), WRITE, offset, data, result);
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
  ORIGINAL(pwrite64);
  RECORD(fd, original(fd, data, length, offset), WRITE, offset, data, result);
}

int ftruncate(int fd, off_t length) {
  ORIGINAL(ftruncate);
  RECORD(fd, original(fd, length), TRUNCATE, length, NULL, 0);
}

int ftruncate64(int fd, off64_t length) {
  ORIGINAL(ftruncate64);
  RECORD(fd, original(fd, length), TRUNCATE, length, NULL, 0);
}

int fsync(int fd) {
  ORIGINAL(fsync);
  RECORD(fd, original(fd), SYNC, 0, NULL, 0);
}

int fdatasync(int fd) {
  ORIGINAL(fdatasync);
  RECORD(fd, original(fd), SYNC, 0, NULL, 0);
}

int unlink(const char *path) {
  ORIGINAL(unlink);
  int result = original(path);
  if (result == 0 && is_recorded(path)) {
    pthread_mutex_lock(&lock);
    add_record(UNLINK, path, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
  }
  return result;
}
