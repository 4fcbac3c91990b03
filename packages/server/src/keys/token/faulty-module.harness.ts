import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modulePath, withoutTokens } from './softhsm.harness.ts';

const HEADERS = join(import.meta.dirname, '../../../../../node_modules/pkcs11js/includes/pkcs11');

/** Why a test with a faulty module is skipped. false: it can run. */
export const withoutCompiler: string | false =
  withoutTokens ||
  (spawnSync('cc', ['--version']).error === undefined ? false : 'there is no C compiler (cc)');

/**
 * A PKCS#11 module that is SoftHSM2 with faults. Two files control it. `fault` has a line: the name of a call, what it does, and how often,
 * such as `sign 179 1`. `logins` gets a character for each C_Login.
 */
const SOURCE = `
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define CK_PTR *
#define CK_DECLARE_FUNCTION(returnType, name) returnType name
#define CK_DECLARE_FUNCTION_POINTER(returnType, name) returnType (*name)
#define CK_CALLBACK_FUNCTION(returnType, name) returnType (*name)
#ifndef NULL_PTR
#define NULL_PTR 0
#endif
#include "pkcs11.h"

static CK_FUNCTION_LIST own;
static CK_FUNCTION_LIST_PTR real;

static int takes(const char *call, unsigned long *what) {
  char name[32]; unsigned long value; long times;
  FILE *file = fopen(FOLDER "/fault", "r");
  if (file == NULL) return 0;
  int fields = fscanf(file, "%31s %lu %ld", name, &value, &times);
  fclose(file);
  if (fields != 3 || strcmp(name, call) != 0 || times <= 0) return 0;
  file = fopen(FOLDER "/fault", "w");
  fprintf(file, "%s %lu %ld", name, value, times - 1);
  fclose(file);
  *what = value;
  return 1;
}

static CK_RV failing(const char *call) {
  unsigned long what;
  if (!takes(call, &what)) return CKR_OK;
  if (what == 1) _exit(3);
  if (what == 2) for (;;) sleep(1000);
  return what;
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR signature, CK_ULONG_PTR size) {
  CK_RV fault = failing("sign");
  return fault ? fault : real->C_Sign(session, data, length, signature, size);
}
static CK_RV signInit(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key) {
  CK_RV fault = failing("sign-init");
  return fault ? fault : real->C_SignInit(session, mechanism, key);
}
static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  FILE *file = fopen(FOLDER "/logins", "a");
  fputc('x', file);
  fclose(file);
  CK_RV fault = failing("login");
  return fault ? fault : real->C_Login(session, user, pin, length);
}
static CK_RV tokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  unsigned long flags;
  CK_RV result = real->C_GetTokenInfo(slot, info);
  if (takes("flags", &flags)) info->flags |= flags;
  return result;
}
static int sessions = 0;
static CK_RV openSession(CK_SLOT_ID slot, CK_FLAGS flags, CK_VOID_PTR app, CK_NOTIFY notify, CK_SESSION_HANDLE_PTR session) {
  const char *most = getenv("FAULTY_SESSIONS");
  if (most != NULL && sessions >= atoi(most)) return CKR_SESSION_COUNT;
  sessions++;
  return real->C_OpenSession(slot, flags, app, notify, session);
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
  void *library = dlopen(SOFTHSM, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return CKR_GENERAL_ERROR;
  CK_RV (*get)(CK_FUNCTION_LIST_PTR_PTR) = dlsym(library, "C_GetFunctionList");
  CK_RV result = get(&real);
  own = *real;
  own.C_Sign = sign;
  own.C_SignInit = signInit;
  own.C_Login = login;
  own.C_GetTokenInfo = tokenInfo;
  own.C_OpenSession = openSession;
  *list = &own;
  return result;
}
`;

/** What the calls of the module do instead of their work. */
export const faults = {
  crash: 1,
  hang: 2,
  deviceRemoved: 0x32,
  deviceError: 0x30,
  sessionHandleInvalid: 0xb3,
  pinIncorrect: 0xa0,
};

export type FaultyModule = {
  readonly path: string;
  /** The next calls of this kind do this. */
  fail(call: 'sign' | 'sign-init' | 'login' | 'flags', what: number, times?: number): void;
  heal(): void;
  /** How often it was logged in. */
  logins(): number;
};

/** Compiles the module into the folder of a SoftHSM2. */
export function buildFaultyModule(folder: string): FaultyModule {
  const [source, path] = [join(folder, 'faulty.c'), join(folder, 'faulty.so')];
  writeFileSync(source, SOURCE);
  const defines = [`-DFOLDER="${folder}"`, `-DSOFTHSM="${modulePath}"`];
  execFileSync('cc', ['-shared', '-fPIC', '-w', '-I', HEADERS, ...defines, '-o', path, source, '-ldl']);
  const [fault, logins] = [join(folder, 'fault'), join(folder, 'logins')];
  return {
    path,
    fail: (call, what, times = 1) => writeFileSync(fault, `${call} ${what} ${times}`),
    heal: () => writeFileSync(fault, ''),
    logins: () => (existsSync(logins) ? readFileSync(logins, 'utf8').length : 0),
  };
}
