/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What Python itself cannot express, for the package wrtmem:
 *
 * - Owner: owns one handle of the C ABI. It gives calls their turn, since a memory is for one thread at a time, and
 *   destroys the handle when nobody refers to it any more.
 * - Borrow: bytes that a memory lends, with the buffer protocol. Python classes can have it from 3.12 on alone, and
 * even there without a count of what is exported.
 * - Lends: base of Memory, whose buffers are borrows.
 *
 * An owner and a borrow refer to nothing that refers to them, and so the collector of cycles never sees them: it cannot
 * take a handle from under a buffer, in whatever order it clears garbage.
 */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>
#include <stdint.h>

#define STATUS_OK 0
#define STATUS_INVALID_HANDLE 2
#define STATUS_BUSY 7
#define STATUS_CORRUPT 11

typedef int32_t (*DestroyFn)(void *handle);
typedef int32_t (*ReleaseFn)(void *mem, const void *data, uint64_t n);

/* What has to be given back; made with the borrow, so that giving back cannot fail for memory. */
typedef struct Loan {
  struct Loan *next;
  const void *data;
  uint64_t n;
} Loan;

typedef struct {
  PyObject_HEAD PyObject *handle; /* for cffi; NULL once destroyed */
  PyObject *keep;                 /* what has to outlive the handle */
  void *raw;
  DestroyFn destroy;
  PyThread_type_lock turn;  /* NULL when calls may be under way at the same time */
  unsigned long holder;     /* the thread whose turn it is */
  unsigned long generation; /* of the process that it is in */
  Py_ssize_t inside;        /* calls under way, without a turn */
  Loan *pending;            /* given back during somebody's turn, which ends with their release */
} Owner;

typedef struct {
  PyObject_HEAD Owner *owner;
  Loan *loan; /* NULL once released */
  Py_ssize_t exports;
  PyObject *entered; /* a weak reference to the view that a with statement has */
  int writable;
} Borrow;

static PyObject *failure;        /* makes the exception of a status and a text */
static ReleaseFn release_borrow; /* wrt_mem_release */
static PyTypeObject *owner_type;
static PyTypeObject *borrow_type;
static PyObject *name_of_lend; /* interned: a new string for each call would fill the cache of methods */
static PyObject *name_of_release;
static unsigned long generation; /* how often the process forked to become this one */

/* A function as a slot holds it; C alone has no such conversion. */
#define SLOT(function) ((void *)(uintptr_t)(function))

/* ---- errors */

static PyObject *fail(int32_t status, const char *text) {
  PyObject *error = PyObject_CallFunction(failure, "iz", (int)status, text);
  if (error == NULL) return NULL;
  PyErr_SetObject((PyObject *)Py_TYPE(error), error);
  Py_DECREF(error);
  return NULL;
}

/* ---- owners */

static int wait_for_turn(Owner *self) {
  for (;;) {
    PyLockStatus got;
    Py_BEGIN_ALLOW_THREADS;
    got = PyThread_acquire_lock_timed(self->turn, -1, 1);
    Py_END_ALLOW_THREADS;
    if (got == PY_LOCK_ACQUIRED) return 0;
    if (PyErr_CheckSignals() < 0) return -1;
  }
}

static int take_turn(Owner *self) {
  unsigned long me = PyThread_get_thread_ident();
  if (!PyThread_acquire_lock(self->turn, NOWAIT_LOCK)) {
    const char *refused = NULL;
    if (self->generation != generation)
      refused = "another thread was using it when the process was forked";
    else if (self->holder == me)
      refused = "it is in use by the call that is in progress";
    if (refused != NULL) {
      fail(STATUS_BUSY, refused);
      return -1;
    }
    if (wait_for_turn(self) < 0) return -1;
  }
  self->holder = me;
  self->generation = generation;
  return 0;
}

static void give_back_pending(Owner *self) {
  while (self->pending != NULL) {
    Loan *loan = self->pending;
    self->pending = loan->next;
    (void)release_borrow(self->raw, loan->data, loan->n);
    PyMem_Free(loan);
  }
}

static void end_turn(Owner *self) {
  give_back_pending(self);
  self->holder = 0;
  PyThread_release_lock(self->turn);
}

static PyObject *owner_enter(PyObject *object, PyObject *none) {
  Owner *self = (Owner *)object;
  (void)none;
  if (self->handle == NULL) return fail(STATUS_INVALID_HANDLE, "it is closed");
  if (self->turn == NULL) {
    self->inside++;
    return Py_NewRef(self->handle);
  }
  if (take_turn(self) < 0) return NULL;
  if (self->handle != NULL) return Py_NewRef(self->handle);
  end_turn(self); /* closed by the one before */
  return fail(STATUS_INVALID_HANDLE, "it is closed");
}

static PyObject *owner_exit(PyObject *object, PyObject *arguments) {
  Owner *self = (Owner *)object;
  (void)arguments;
  if (self->turn == NULL)
    self->inside--;
  else
    end_turn(self);
  Py_RETURN_NONE;
}

/* A memory whose control block is bad is gone as well. */
static int is_gone(int32_t status) { return status == STATUS_OK || status == STATUS_CORRUPT; }

static int32_t destroy_in_turn(Owner *self) {
  int32_t status;
  give_back_pending(self);
  Py_BEGIN_ALLOW_THREADS;
  status = self->destroy(self->raw);
  Py_END_ALLOW_THREADS;
  return status;
}

/* Without a turn nothing else may come between: what is refused runs no Python. */
static int32_t destroy_alone(Owner *self) {
  if (self->inside > 0) return STATUS_BUSY;
  PyObject *handle = self->handle;
  self->handle = NULL;
  int32_t status = self->destroy(self->raw);
  self->handle = handle;
  return status;
}

static PyObject *owner_close(PyObject *object, PyObject *none) {
  Owner *self = (Owner *)object;
  (void)none;
  PyObject *handle = owner_enter(object, NULL);
  if (handle == NULL) return NULL;
  Py_DECREF(handle);
  if (self->turn == NULL) self->inside--;
  int32_t status = self->turn != NULL ? destroy_in_turn(self) : destroy_alone(self);
  PyObject *old[2] = {NULL, NULL};
  if (is_gone(status)) {
    old[0] = self->handle;
    old[1] = self->keep;
    self->handle = NULL;
    self->keep = NULL;
  }
  if (self->turn != NULL) end_turn(self);
  Py_XDECREF(old[0]);
  Py_XDECREF(old[1]);
  return PyLong_FromLong(status);
}

static PyObject *owner_closed(PyObject *object, void *closure) {
  (void)closure;
  return PyBool_FromLong(((Owner *)object)->handle == NULL);
}

static void owner_dealloc(PyObject *object) {
  Owner *self = (Owner *)object;
  PyTypeObject *type = Py_TYPE(object);
  PyObject *error[3];
  PyErr_Fetch(&error[0], &error[1], &error[2]);
  int gone = 1;
  if (self->handle != NULL) {
    give_back_pending(self);
    gone = is_gone(self->destroy(self->raw));
  }
  Py_XDECREF(self->handle);
  if (gone) Py_XDECREF(self->keep); /* what the library still uses stays for good */
  if (self->turn != NULL) PyThread_free_lock(self->turn);
  PyErr_Restore(error[0], error[1], error[2]);
  PyObject_Free(object);
  Py_DECREF(type);
}

static PyObject *own(PyObject *module, PyObject *arguments) {
  PyObject *handle;
  PyObject *keep;
  unsigned long long raw;
  unsigned long long destroy;
  int in_turn;
  (void)module;
  if (!PyArg_ParseTuple(arguments, "OKKpO", &handle, &raw, &destroy, &in_turn, &keep)) return NULL;
  Owner *self = PyObject_New(Owner, owner_type);
  if (self == NULL) return NULL;
  self->handle = Py_NewRef(handle);
  self->keep = Py_NewRef(keep);
  self->raw = (void *)(uintptr_t)raw;
  self->destroy = (DestroyFn)(uintptr_t)destroy;
  self->turn = in_turn ? PyThread_allocate_lock() : NULL;
  self->holder = 0;
  self->generation = generation;
  self->inside = 0;
  self->pending = NULL;
  if (!in_turn || self->turn != NULL) return (PyObject *)self;
  Py_DECREF(self);
  return PyErr_NoMemory();
}

/* ---- borrows */

/* Now, or at the end of the turn that somebody has. */
static int32_t give_back(Owner *owner, Loan *loan) {
  if (owner->turn != NULL && !PyThread_acquire_lock(owner->turn, NOWAIT_LOCK)) {
    loan->next = owner->pending;
    owner->pending = loan;
    return STATUS_OK;
  }
  int32_t status = release_borrow(owner->raw, loan->data, loan->n);
  PyMem_Free(loan);
  if (owner->turn != NULL) PyThread_release_lock(owner->turn);
  return status;
}

static void borrow_dealloc(PyObject *object) {
  Borrow *self = (Borrow *)object;
  PyTypeObject *type = Py_TYPE(object);
  if (self->loan != NULL) (void)give_back(self->owner, self->loan);
  Py_XDECREF(self->entered);
  Py_XDECREF((PyObject *)self->owner);
  PyObject_Free(object);
  Py_DECREF(type);
}

static PyObject *borrow_release(PyObject *object, PyObject *none) {
  Borrow *self = (Borrow *)object;
  (void)none;
  if (self->loan == NULL) return fail(STATUS_INVALID_HANDLE, "the borrow is released already");
  if (self->exports > 0) return fail(STATUS_BUSY, "a buffer over the borrowed bytes is still in use");
  Loan *loan = self->loan;
  self->loan = NULL;
  int32_t status = give_back(self->owner, loan);
  if (status != STATUS_OK) return fail(status, NULL);
  Py_RETURN_NONE;
}

static PyObject *borrow_enter(PyObject *object, PyObject *none) {
  Borrow *self = (Borrow *)object;
  (void)none;
  PyObject *view = PyMemoryView_FromObject(object);
  if (view == NULL) return NULL;
  PyObject *entered = PyWeakref_NewRef(view, NULL);
  if (entered == NULL) {
    Py_DECREF(view);
    return NULL;
  }
  PyObject *old = self->entered;
  self->entered = entered;
  Py_XDECREF(old);
  return view;
}

static PyObject *borrow_exit(PyObject *object, PyObject *arguments) {
  Borrow *self = (Borrow *)object;
  (void)arguments;
  PyObject *view = self->entered == NULL ? Py_None : PyWeakref_GetObject(self->entered);
  if (view != Py_None) {
    Py_INCREF(view);
    PyObject *released = PyObject_CallMethodObjArgs(view, name_of_release, NULL);
    Py_DECREF(view);
    if (released == NULL) return NULL;
    Py_DECREF(released);
  }
  if (self->loan == NULL) Py_RETURN_NONE;
  return borrow_release(object, NULL);
}

static int borrow_getbuffer(PyObject *object, Py_buffer *view, int flags) {
  Borrow *self = (Borrow *)object;
  view->obj = NULL;
  if (self->loan == NULL) {
    fail(STATUS_INVALID_HANDLE, "the borrow is released");
    return -1;
  }
  Py_ssize_t len = (Py_ssize_t)self->loan->n;
  if (PyBuffer_FillInfo(view, object, (void *)(uintptr_t)self->loan->data, len, !self->writable, flags) < 0) return -1;
  self->exports++;
  return 0;
}

static void borrow_releasebuffer(PyObject *object, Py_buffer *view) {
  (void)view;
  ((Borrow *)object)->exports--;
}

static Py_ssize_t borrow_length(PyObject *object) {
  Borrow *self = (Borrow *)object;
  return self->loan == NULL ? 0 : (Py_ssize_t)self->loan->n;
}

static PyObject *borrow_released(PyObject *object, void *closure) {
  (void)closure;
  return PyBool_FromLong(((Borrow *)object)->loan == NULL);
}

static PyObject *borrow_writable(PyObject *object, void *closure) {
  (void)closure;
  return PyBool_FromLong(((Borrow *)object)->writable);
}

/* lend(owner, address, n, writable): takes over a borrow that the C ABI has just given. */
static PyObject *lend(PyObject *module, PyObject *arguments) {
  PyObject *owner;
  unsigned long long address;
  unsigned long long n;
  int writable;
  (void)module;
  if (!PyArg_ParseTuple(arguments, "O!KKp", owner_type, &owner, &address, &n, &writable)) return NULL;
  Loan *loan = PyMem_Malloc(sizeof(Loan));
  Borrow *self = loan == NULL ? NULL : PyObject_New(Borrow, borrow_type);
  if (self == NULL) {
    PyMem_Free(loan);
    (void)release_borrow(((Owner *)owner)->raw, (const void *)(uintptr_t)address, n); /* the caller has the turn */
    return PyErr_NoMemory();
  }
  loan->next = NULL;
  loan->data = (const void *)(uintptr_t)address;
  loan->n = n;
  self->owner = (Owner *)Py_NewRef(owner);
  self->loan = loan;
  self->exports = 0;
  self->entered = NULL;
  self->writable = writable;
  return (PyObject *)self;
}

/* ---- what lends */

static int lends_getbuffer(PyObject *object, Py_buffer *view, int flags) {
  view->obj = NULL;
  PyObject *borrow =
      PyObject_CallMethodObjArgs(object, name_of_lend, (flags & PyBUF_WRITABLE) != 0 ? Py_True : Py_False, NULL);
  if (borrow == NULL) return -1;
  int result = -1;
  if (Py_TYPE(borrow) == borrow_type)
    result = PyObject_GetBuffer(borrow, view, flags);
  else
    PyErr_SetString(PyExc_TypeError, "_lend() has to give a Borrow");
  Py_DECREF(borrow);
  return result;
}

/* The buffers are the borrow's. It has to be there all the same: numpy copies the address of what has none and lets the
   buffer go at once. */
static void lends_releasebuffer(PyObject *object, Py_buffer *view) {
  (void)object;
  (void)view;
}

/* ---- the module */

static PyObject *configure(PyObject *module, PyObject *arguments) {
  PyObject *function;
  unsigned long long release;
  (void)module;
  if (!PyArg_ParseTuple(arguments, "OK", &function, &release)) return NULL;
  failure = Py_NewRef(function); /* once */
  release_borrow = (ReleaseFn)(uintptr_t)release;
  Py_RETURN_NONE;
}

static PyObject *forked(PyObject *module, PyObject *none) {
  (void)module;
  (void)none;
  generation++;
  Py_RETURN_NONE;
}

static PyMethodDef owner_methods[] = {
    {"__enter__", owner_enter, METH_NOARGS, "Takes the turn and gives the handle."},
    {"__exit__", owner_exit, METH_VARARGS, "Ends the turn."},
    {"close", owner_close, METH_NOARGS, "Destroys the handle and gives the status."},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef owner_getters[] = {
    {"closed", owner_closed, NULL, "Whether the handle is destroyed.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot owner_slots[] = {
    {Py_tp_doc, "Owns one handle of the C ABI."},
    {Py_tp_dealloc, SLOT(owner_dealloc)},
    {Py_tp_methods, owner_methods},
    {Py_tp_getset, owner_getters},
    {0, NULL},
};
static PyType_Spec owner_spec = {"wrtmem._core.Owner", sizeof(Owner), 0,
                                 Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, owner_slots};

static PyMethodDef borrow_methods[] = {
    {"release", borrow_release, METH_NOARGS,
     "release($self, /)\n--\n\nGives the bytes back; Busy while a buffer over them is in use, InvalidHandle the second "
     "time."},
    {"__enter__", borrow_enter, METH_NOARGS, "__enter__($self, /)\n--\n\nA memoryview of the bytes."},
    {"__exit__", borrow_exit, METH_VARARGS, "Releases the view and gives the bytes back."},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef borrow_getters[] = {
    {"released", borrow_released, NULL, "Whether the bytes are given back.", NULL},
    {"writable", borrow_writable, NULL, "Whether the bytes may be written.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot borrow_slots[] = {
    {Py_tp_doc,
     "Bytes of a memory that are lent without a copy, from Memory.borrow().\n\n"
     "It has the buffer protocol: memoryview(borrow) and numpy.frombuffer(borrow) are the memory's own bytes. They "
     "are\n"
     "lent until release(), or until nothing refers to the borrow and its buffers any more. In a with statement it is "
     "a\n"
     "memoryview that ends with the statement."},
    {Py_tp_dealloc, SLOT(borrow_dealloc)},
    {Py_tp_methods, borrow_methods},
    {Py_tp_getset, borrow_getters},
    {Py_sq_length, SLOT(borrow_length)},
    {Py_bf_getbuffer, SLOT(borrow_getbuffer)},
    {Py_bf_releasebuffer, SLOT(borrow_releasebuffer)},
    {0, NULL},
};
static PyType_Spec borrow_spec = {"wrtmem.Borrow", sizeof(Borrow), 0,
                                  Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, borrow_slots};

static PyType_Slot lends_slots[] = {
    {Py_tp_doc, "What lends its bytes as buffers."},
    {Py_bf_getbuffer, SLOT(lends_getbuffer)},
    {Py_bf_releasebuffer, SLOT(lends_releasebuffer)},
    {0, NULL},
};
static PyType_Spec lends_spec = {"wrtmem._core.Lends", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
                                 lends_slots};

static PyMethodDef functions[] = {
    {"configure", configure, METH_VARARGS, "configure(failure, release): what this module needs of the package."},
    {"own", own, METH_VARARGS, "own(handle, raw, destroy, in_turn, keep): an Owner."},
    {"lend", lend, METH_VARARGS, "lend(owner, address, n, writable): a Borrow."},
    {"forked", forked, METH_NOARGS, "Says that this process is a child of the one before."},
    {NULL, NULL, 0, NULL},
};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "wrtmem._core", "What Python itself cannot express.", -1, functions, NULL, NULL, NULL, NULL};

static PyTypeObject *add_type(PyObject *module, PyType_Spec *spec) {
  PyObject *type = PyType_FromSpec(spec);
  if (type != NULL && PyModule_AddType(module, (PyTypeObject *)type) < 0) Py_CLEAR(type);
  return (PyTypeObject *)type;
}

PyMODINIT_FUNC PyInit__core(void) {
  PyObject *module = PyModule_Create(&definition);
  if (module == NULL) return NULL;
  name_of_lend = PyUnicode_InternFromString("_lend");
  name_of_release = PyUnicode_InternFromString("release");
  owner_type = name_of_lend == NULL || name_of_release == NULL ? NULL : add_type(module, &owner_spec);
  borrow_type = owner_type == NULL ? NULL : add_type(module, &borrow_spec);
  PyTypeObject *lends_type = borrow_type == NULL ? NULL : add_type(module, &lends_spec);
  if (lends_type != NULL) {
    Py_DECREF((PyObject *)lends_type); /* the module has it */
    return module;
  }
  Py_DECREF(module);
  return NULL;
}
